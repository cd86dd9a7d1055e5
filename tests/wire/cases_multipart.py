"""Multipart bodies: (row of the attack list, what it is, boundary, bytes, expected verdict). The limit is 5 parts."""

from microhttps.wire.multipart import MAX_PART_HEADERS_LENGTH
from wire.verdicts import refused, taken

KIND = "multipart"

BAD = refused("bad_multipart")
B = b"x-y"


def field(name, content, more=b""):
    return b'--x-y\r\nContent-Disposition: form-data; name="' + name + b'"' + more + b"\r\n\r\n" + content + b"\r\n"


def head(lines, content=b"1"):
    """A part with this head, and the end."""
    return b"--x-y\r\n" + lines + b"\r\n\r\n" + content + b"\r\n--x-y--\r\n"


def disposition(value):
    return head(b"Content-Disposition: " + value)


def file_named(name):
    return disposition(b'form-data; name="f"; filename="' + name + b'"')


def named(name, filename=None, content="1"):
    return taken(parts=[[name, filename, "text/plain", content]])


LAST = b"--x-y--"
A = b"a"
ROOM = MAX_PART_HEADERS_LENGTH - len(b'Content-Disposition: form-data; name="a"\r\nX: ')


CASES = [
    # Where a part begins and ends (RFC 2046 5.1.1).
    ("T7", "a field", B, field(A, b"1") + LAST, named("a")),
    ("T7", "two fields", B, field(A, b"1") + field(b"b", b"2") + LAST,
     taken(parts=[["a", None, "text/plain", "1"], ["b", None, "text/plain", "2"]])),
    ("T7", "no part", B, LAST, taken(parts=[])),
    ("T7", "an empty content", B, field(A, b"") + LAST, named("a", content="")),
    ("T7", "a head without the empty line", B, b'--x-y\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + LAST,
     named("a", content="")),
    ("T7", "a preamble and an epilogue", B, b"not a part\r\n" + field(A, b"1") + LAST + b"\r\nnor this\r\n--x-y\r\n",
     named("a")),
    ("T7", "no line end behind the last boundary", B, field(A, b"1") + LAST, named("a")),
    ("T7", "blanks behind a boundary", B, field(A, b"1").replace(b"x-y\r\n", b"x-y \t \r\n") + b"--x-y-- \t\r\n",
     named("a")),
    ("T7", "too many blanks behind a boundary", B, b"--x-y" + b" " * 100 + b"\r\n" + LAST, BAD),
    ("T7", "a boundary that goes on", B, field(A, b"1").replace(b"x-y\r\n", b"x-yz\r\n") + LAST, BAD),
    ("T7", "a boundary and one hyphen", B, b"--x-y-\r\n" + LAST, BAD),
    ("T7", "a boundary and LF", B, field(A, b"1").replace(b"x-y\r\n", b"x-y\n") + LAST, BAD),
    ("T7", "a boundary and CR CR LF", B, b"--x-y\r\r\n" + LAST, BAD),
    ("T7", "LF before a boundary is content", B, field(A, b"1\n--x-y--\r\n") + LAST,
     named("a", content="1\n--x-y--\r\n")),
    ("T7", "a boundary inside a line is content", B, field(A, b"1 --x-y--") + LAST, named("a", content="1 --x-y--")),
    ("T7", "content that is nearly a boundary", B, field(A, b"\r\n--x-\r\n--x\r\n\r\n-\r") + LAST,
     named("a", content="\r\n--x-\r\n--x\r\n\r\n-\r")),
    ("T7", "content of line ends", B, field(A, b"\r\n\r\n\r\n") + LAST, named("a", content="\r\n\r\n\r\n")),
    ("T7", "content that begins with hyphens", B, field(A, b"--x") + LAST, named("a", content="--x")),
    ("T7", "content of every byte", B, field(A, bytes(range(256))) + LAST,
     named("a", content="".join(map(chr, range(256))))),
    ("T7", "the longest boundary", b"b" * 70, b"--" + b"b" * 70 + b"--", taken(parts=[])),
    # What is missing.
    ("T7", "nothing at all", B, b"", BAD),
    ("T7", "no boundary", B, b"only a preamble\r\n" * 10, BAD),
    ("T7", "no last boundary", B, field(A, b"1"), BAD),
    ("T7", "no last boundary behind a boundary", B, field(A, b"1") + b"--x-y\r\n", BAD),
    ("T7", "half of the last boundary", B, field(A, b"1") + b"--x-y-", BAD),
    ("T7", "an end in the content", B, field(A, b"1")[:-3], BAD),
    ("T7", "an end in a head", B, field(A, b"1")[:30], BAD),
    ("T7", "an end behind a head", B, field(A, b"")[:-2], BAD),
    # How much.
    ("T7", "as many parts as may be", B, field(A, b"1") * 5 + LAST,
     taken(parts=[["a", None, "text/plain", "1"]] * 5)),
    ("T7", "a part too many", B, field(A, b"1") * 6 + LAST, refused("too_many_parts", 413)),
    ("T7", "10 000 parts", B, field(A, b"") * 10000, refused("too_many_parts", 413)),
    ("T7", "a head as long as may be", B, head(b'Content-Disposition: form-data; name="a"\r\nX: ' + b"y" * ROOM),
     named("a")),
    ("T7", "a head a byte too long", B, head(b'Content-Disposition: form-data; name="a"\r\nX: ' + b"y" * (ROOM + 1)),
     BAD),
    ("T7", "a head without end", B, b"--x-y\r\nX: " + b"y" * 20000, BAD),
    ("T7", "too many lines in a head", B, head(b"\r\n".join(b"X%d: y" % number for number in range(20))), BAD),
    # What a part says of itself (RFC 7578 4).
    ("T7", "no head", B, b"--x-y\r\n\r\n1\r\n" + LAST, BAD),
    ("T7", "no disposition", B, head(b"Content-Type: text/plain"), BAD),
    ("T7", "no name", B, disposition(b"form-data"), BAD),
    ("T7", "another disposition", B, disposition(b'attachment; name="a"'), BAD),
    ("T7", "two dispositions", B,
     head(b'Content-Disposition: form-data; name="a"\r\nContent-disposition: form-data; name="b"'), BAD),
    ("T7", "a name twice", B, disposition(b'form-data; name="a"; name="b"'), BAD),
    ("T7", "a name in two cases", B, disposition(b'form-data; name="a"; NAME="b"'), BAD),
    ("T7", "a name without its last quote", B, disposition(b'form-data; name="a'), BAD),
    ("T7", "something behind the quote", B, disposition(b'form-data; name="a"b'), BAD),
    ("T7", "a name that is a token", B, disposition(b"FORM-DATA ;  name=a ; x=y;"), named("a")),
    ("T7", "an unquoted name that is no token", B, disposition(b"form-data; name=a b"), BAD),
    ("T7", "no value of a name", B, disposition(b"form-data; name="), BAD),
    ("T7", "an empty name", B, disposition(b'form-data; name=""'), named("")),
    ("T7", "a name in UTF-8", B, disposition('form-data; name="größe €"'.encode()), named("größe €")),
    ("T7", "a name that is not UTF-8", B, disposition(b'form-data; name="gr\xf6\xdfe"'), BAD),
    ("T7", "a name in an over-long form", B, disposition(b'form-data; name="\xc0\xaf"'), BAD),
    ("T7", "a name with a semicolon", B, disposition(b'form-data; name="a;b=c"; x="y"'), named("a;b=c")),
    ("T7", "a quote as browsers code it", B, disposition(b'form-data; name="a%22b%0D%0A%41"'), named('a"b\r\n%41')),
    ("T7", "a quote as old clients code it", B, disposition(b'form-data; name="a\\"b\\\\"'), named('a"b\\')),
    ("T7", "a name by RFC 5987 is no name", B, disposition(b"form-data; name*=UTF-8''a"), BAD),
    ("T7", "a folded line", B, head(b'Content-Disposition: form-data;\r\n name="a"'), BAD),
    ("T7", "a blank before the colon", B, head(b'Content-Disposition : form-data; name="a"'), BAD),
    ("T7", "a line without a colon", B, head(b'Content-Disposition: form-data; name="a"\r\nX'), BAD),
    ("T7", "a NUL in a head", B, disposition(b'form-data; name="a\x00"'), BAD),
    ("T7", "a bare CR in a head", B, disposition(b'form-data; name="a\rb"'), BAD),
    ("T7", "a bare LF in a head", B, disposition(b'form-data; name="a\nb"'), BAD),
    ("T7", "base64", B, head(b'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64'),
     refused("bad_multipart", 415)),
    ("T7", "binary", B, head(b'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: BINARY'),
     named("a")),
    ("T7", "a media type", B, head(b'Content-Disposition: form-data; name="a"\r\nContent-Type: text/html; charset=x'),
     taken(parts=[["a", None, "text/html; charset=x", "1"]])),
    # The name of a file is never a path.
    ("T7", "a file", B, file_named(b"photo.jpg"), named("f", "photo.jpg")),
    ("T7", "no file chosen", B, file_named(b""), named("f", "")),
    ("T7", "a path", B, file_named(b"../../etc/passwd"), named("f", "passwd")),
    ("T7", "an absolute path", B, file_named(b"/etc/passwd"), named("f", "passwd")),
    ("T7", "a path of Windows", B, file_named(b"C:\\Users\\me\\photo.jpg"), named("f", "photo.jpg")),
    ("T7", "a drive", B, file_named(b"C:photo.jpg"), named("f", "C_photo.jpg")),
    ("T7", "the folder above", B, file_named(b".."), named("f", "__")),
    ("T7", "the folder above in disguise", B, file_named(b"x\\.."), named("f", "__")),
    ("T7", "this folder", B, file_named(b"a/."), named("f", "_")),
    ("T7", "a folder", B, file_named(b"a/"), named("f", "")),
    ("T7", "a percent-coded path stays what it is", B, file_named(b"..%2F..%2Fa"), named("f", "..%2F..%2Fa")),
    ("T7", "a line end in the name of a file", B, file_named(b"a%0D%0Ab"), named("f", "a__b")),
    ("T7", "a NUL in the name of a file", B, file_named(b"a.jpg\x00.txt"), BAD),
    ("T7", "the name of a file in UTF-8", B, file_named("étude.txt".encode()), named("f", "étude.txt")),
    ("T7", "the name of a file in over-long UTF-8", B, file_named(b"\xc0\xae\xc0\xae\xc0\xafa"), BAD),
    ("T7", "the name of a file with a quote", B, file_named(b"a%22b.txt"), named("f", 'a"b.txt')),
    ("T7", "filename* is not for forms", B, disposition(b"form-data; name=a; filename*=UTF-8''%2e%2e%2fa"), named("a")),
]
