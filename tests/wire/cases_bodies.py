"""Bodies: (row of the attack list, what it is, bytes, (framing, its number), expected verdict)."""

from wire.verdicts import refused, taken

KIND = "bodies"

BAD = refused("bad_chunk")
CUT = refused("body_cut_short")
LARGE = refused("body_too_large", 413)
CHUNKED = ("chunked", 100 * 1000)
LAST = b"0\r\n\r\n"


def chunk(line, data=b"hello", end=b"\r\n"):
    return line + data + end + LAST


def extended(extension):
    """A chunk with this behind its size, which would otherwise be good."""
    return chunk(b"5" + extension + b"\r\n")


def ended(trailers):
    return b"5\r\nhello\r\n0\r\n" + trailers


CASES = [
    ("P13", "a chunk", chunk(b"5\r\n") + b"GET", CHUNKED, taken(content="hello", trailers=[], end=15)),
    ("P13", "two chunks", b"5\r\nhello\r\nA\r\n, world...\r\n" + LAST, CHUNKED, taken(content="hello, world...")),
    ("P13", "zeros before the size", chunk(b"0000005\r\n"), CHUNKED, taken(content="hello")),
    ("P13", "a plus", chunk(b"+5\r\n"), CHUNKED, BAD),
    ("P13", "a minus", chunk(b"-1\r\n"), CHUNKED, BAD),
    ("P13", "0x5", chunk(b"0x5\r\n"), CHUNKED, BAD),
    ("P13", "a blank behind the size", chunk(b"5 \r\n"), CHUNKED, BAD),
    ("P13", "a blank before the size", chunk(b" 5\r\n"), CHUNKED, BAD),
    ("P13", "no size", chunk(b"\r\n"), CHUNKED, BAD),
    ("P13", "an underscore", chunk(b"5_0\r\n"), CHUNKED, BAD),
    ("P13", "17 digits", chunk(b"0" * 16 + b"5\r\n"), CHUNKED, BAD),
    ("P13", "16 digits", chunk(b"0" * 15 + b"5\r\n"), CHUNKED, taken(content="hello")),
    ("P13", "g", chunk(b"g\r\n"), CHUNKED, BAD),
    ("P13", "superscript digits", chunk(b"\xb2\r\n"), CHUNKED, BAD),
    ("P13", "a bare LF behind the size", chunk(b"5\n"), CHUNKED, BAD),
    ("P13", "CR CR LF behind the size", chunk(b"5\r\r\n"), CHUNKED, BAD),
    ("P13", "an extension", extended(b";a"), CHUNKED, taken(content="hello")),
    ("P13", "an extension with a value", extended(b";a=b;c=d"), CHUNKED, taken(content="hello")),
    ("P13", "a quoted value", extended(b';a="b;\\"c"'), CHUNKED, taken(content="hello")),
    ("P13", "white space about the signs", extended(b"; a\t=\tb ; c"), CHUNKED, taken(content="hello")),
    ("P13", "an extension of 64 KB", extended(b";" + b"a" * 65536), CHUNKED, BAD),
    ("P13", "an extension with a bare LF", extended(b";a\nb"), CHUNKED, BAD),
    ("P13", "an extension with a bare CR", extended(b";a\rb"), CHUNKED, BAD),
    ("P13", "an extension with a quoted CR LF", extended(b';a="\r\n"'), CHUNKED, BAD),
    ("P13", "an extension with a quoted pair of CR", extended(b';a="\\\r"'), CHUNKED, BAD),
    ("P14", "data longer than its size", chunk(b"5\r\n", b"hello!"), CHUNKED, BAD),
    ("P14", "LF behind the data", chunk(b"5\r\n", end=b"\n"), CHUNKED, BAD),
    ("P14", "nothing behind the data", chunk(b"5\r\n", end=b""), CHUNKED, BAD),
    ("P14", "CR CR behind the data", chunk(b"5\r\n", end=b"\r\r"), CHUNKED, BAD),
    ("P14", "last chunk 00", b"5\r\nhello\r\n00\r\n\r\n", CHUNKED, taken(content="hello")),
    ("P14", "last chunk of 17 zeros", b"5\r\nhello\r\n" + b"0" * 17 + b"\r\n\r\n", CHUNKED, BAD),
    ("P14", "a trailer", ended(b"X-Sum: 1 \r\n\r\n"), CHUNKED, taken(content="hello", trailers=[["X-Sum", "1"]])),
    (
        "P14",
        "forbidden trailers",
        ended(b"Content-Length: 5\r\nTRANSFER-ENCODING: chunked\r\nHost: a\r\nAuthorization: x\r\nX: y\r\n\r\n"),
        CHUNKED,
        taken(trailers=[["X", "y"]]),
    ),
    ("P14", "too many trailers", ended(b"X: y\r\n" * 100 + b"\r\n"), CHUNKED, refused("too_many_headers", 431)),
    ("P14", "a trailer too long", ended(b"X: " + b"y" * 5000 + b"\r\n\r\n"), CHUNKED, refused("header_too_long", 431)),
    (
        "P14",
        "trailers without end",
        ended(b"X: " + b"y" * 500 + b"\r\n") * 1 + (b"X: " + b"y" * 500 + b"\r\n") * 9,
        CHUNKED,
        refused("header_too_long", 431),
    ),
    ("P14", "a trailer without a colon", ended(b"X\r\n\r\n"), CHUNKED, BAD),
    ("P14", "a blank before the colon of a trailer", ended(b"X : y\r\n\r\n"), CHUNKED, BAD),
    ("P14", "a folded trailer", ended(b"X: y\r\n z\r\n\r\n"), CHUNKED, BAD),
    ("P14", "a NUL in a trailer", ended(b"X: \x00\r\n\r\n"), CHUNKED, BAD),
    ("P14", "a bare LF behind a trailer", ended(b"X: y\n\r\n"), CHUNKED, BAD),
    ("P14", "a bare LF at the end", b"5\r\nhello\r\n0\r\n\n", CHUNKED, BAD),
    ("P14", "a request in place of the end", b"0\r\nGET / HTTP/1.1\r\n\r\n", CHUNKED, BAD),
    ("P15", "one byte chunks", b"1\r\nx\r\n" * 20000, CHUNKED, BAD),
    ("P15", "a thousand of them are let pass", b"1\r\nx\r\n" * 1000 + LAST, CHUNKED, taken(content="x" * 1000)),
    ("P15", "one byte chunks with extensions", (b"1;" + b"a" * 400 + b"\r\nx\r\n") * 300, CHUNKED, BAD),
    ("P16", "a body at the limit", chunk(b"5\r\n"), ("chunked", 5), taken(content="hello")),
    ("P16", "one above it", chunk(b"5\r\n"), ("chunked", 4), LARGE),
    ("P16", "above it in the second chunk", b"5\r\nhello\r\n" + chunk(b"5\r\n"), ("chunked", 9), LARGE),
    ("P16", "a chunk of 2 to the 64", chunk(b"f" * 16 + b"\r\n"), CHUNKED, LARGE),
    ("P16", "until the end, at the limit", b"hello", ("close", 5), taken(content="hello")),
    ("P16", "until the end, one above it", b"hello", ("close", 4), LARGE),
    ("P23", "a body as long as announced", b"helloGET", ("length", 5), taken(content="hello", end=5)),
    ("P23", "a body of nothing", b"GET", ("length", 0), taken(content="", end=0)),
    ("P23", "shorter than announced", b"hell", ("length", 5), CUT),
    ("P23", "nothing of what was announced", b"", ("length", 5), CUT),
    ("P23", "cut in a chunk", b"5\r\nhel", CHUNKED, CUT),
    ("P23", "cut between chunks", b"5\r\nhello\r\n", CHUNKED, CUT),
    ("P23", "cut in the last chunk", b"5\r\nhello\r\n0\r\n", CHUNKED, CUT),
    ("P23", "cut in the trailers", b"5\r\nhello\r\n0\r\nX: y\r\n", CHUNKED, CUT),
    ("P27", "a bare semicolon", extended(b";"), CHUNKED, BAD),
    ("P27", "two semicolons", extended(b";;a"), CHUNKED, BAD),
    ("P27", "a control byte", extended(b";a\x01"), CHUNKED, BAD),
    ("P27", "a control byte in quotes", extended(b';a="\x01"'), CHUNKED, BAD),
    ("P27", "a bad token", extended(b";a@b"), CHUNKED, BAD),
    ("P27", "no value", extended(b";a="), CHUNKED, BAD),
    ("P27", "no name", extended(b";=a"), CHUNKED, BAD),
    ("P27", "an open quote", extended(b';a="b'), CHUNKED, BAD),
    ("P27", "more behind the quotes", extended(b';a="b"c'), CHUNKED, BAD),
    ("P27", "white space behind the size", extended(b" ;a"), CHUNKED, BAD),
    ("P27", "white space at the end", extended(b";a "), CHUNKED, BAD),
    ("P28", "a request behind the body is not part of it", b"helloGET / HTTP/1.1\r\n", ("length", 5), taken(end=5)),
    ("P29", "the end of the stream in the middle", b"3\r\nabc\r\n5\r\nhe", CHUNKED, CUT),
]
