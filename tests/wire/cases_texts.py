"""Fields, URLs and percent-coding: (row of the attack list, what it is, function, its arguments, expected verdict)."""

from microhttps.wire.headers import Headers, check_field, parse_cookies
from microhttps.wire.http1 import encode_chunk, reason_of
from microhttps.wire.url import join_url, parse_query, parse_url, percent_decode, quote
from wire.verdicts import refused, taken

KIND = "texts"


def url_parts(text):
    url = parse_url(text)
    return url.scheme, url.host, url.port, url.target, url.authority, url.userinfo, str(url)


def joined(reference):
    return str(join_url(parse_url("https://a/b/c/d;p?q"), reference))


def asked(name):
    """What a view of some fields answers about one name."""
    headers = Headers([(b"Host", b"a"), (b"X_Y", b"\xe9"), (b"x-y", b"1"), (b"X-Y", b"2")])
    return headers.get(name), headers.get_all(name), name in headers, len(headers)


def added(name, value):
    headers = Headers()
    headers.add(name, value)
    return list(headers)


def value(expected):
    return taken(value=expected)


BAD_CODING = refused("bad_percent_coding")
BAD_URL = refused("bad_url", None)
BAD_NAME = refused("bad_header_name", None)
BAD_VALUE = refused("bad_header_value", None)

CASES = [
    ("P17", "nothing coded", percent_decode, ("/a+b~",), value("/a+b~")),
    ("P17", "coded", percent_decode, ("/a%20b%2Fc%2f",), value("/a b/c/")),
    ("P17", "coded UTF-8", percent_decode, ("%C3%A9%e2%82%ac%F0%9F%98%80",), value("\xe9\u20ac\U0001f600")),
    ("P17", "bytes", percent_decode, (b"%41",), value("A")),
    ("P17", "a percent sign alone", percent_decode, ("%",), BAD_CODING),
    ("P17", "one digit", percent_decode, ("%4",), BAD_CODING),
    ("P17", "no digits", percent_decode, ("%zz",), BAD_CODING),
    ("P17", "a sign for a digit", percent_decode, ("%+1",), BAD_CODING),
    ("P17", "a blank for a digit", percent_decode, ("% 1",), BAD_CODING),
    ("P17", "an underscore for a digit", percent_decode, ("%1_",), BAD_CODING),
    ("P17", "a percent sign coded in part", percent_decode, ("%%32%35",), BAD_CODING),
    ("P17", "decoded once, not twice", percent_decode, ("%252e",), value("%2e")),
    ("P17", "a NUL", percent_decode, ("/a%00.png",), BAD_CODING),
    ("P17", "an over-long slash", percent_decode, ("%C0%AF",), BAD_CODING),
    ("P17", "an over-long slash of three bytes", percent_decode, ("%E0%80%AF",), BAD_CODING),
    ("P17", "an over-long slash of four bytes", percent_decode, ("%F0%80%80%AF",), BAD_CODING),
    ("P17", "an over-long NUL", percent_decode, ("%C0%80",), BAD_CODING),
    ("P17", "a surrogate", percent_decode, ("%ED%A0%80",), BAD_CODING),
    ("P17", "beyond Unicode", percent_decode, ("%F4%90%80%80",), BAD_CODING),
    ("P17", "Latin-1", percent_decode, ("%E9",), BAD_CODING),
    ("P17", "cut UTF-8", percent_decode, ("%E2%82",), BAD_CODING),
    ("P17", "dots are for who opens files", percent_decode, ("%2e%2e%2f..\\//host",), value("../..\\//host")),
    (
        "P17",
        "a query",
        parse_query,
        ("a=1&b=%20+x&&c&=d&e=f=g",),
        value([["a", "1"], ["b", "  x"], ["c", ""], ["", "d"], ["e", "f=g"]]),
    ),
    ("P17", "a query badly coded", parse_query, ("a=%",), BAD_CODING),
    ("P17", "quoting", quote, ("a b/\xe9?&=%",), value("a%20b/%C3%A9%3F%26%3D%25")),
    ("P21", "a field in another case", asked, ("X-y",), value(["1", ["1", "2"], True, 4])),
    ("P21", "an underscore is no hyphen", asked, ("x_y",), value(["\xe9", ["\xe9"], True, 4])),
    ("P21", "a field that is not there", asked, ("x",), value([None, [], False, 4])),
    ("P21", "cookies", parse_cookies, ('a=1; b="x y"; a=2; c;=d; e==',), value({"a": "1", "b": "x y", "e": "="})),
    ("P22", "a field set", added, ("X-A", "b\tc d"), value([["X-A", "b\tc d"]])),
    ("P22", "a value in Latin-1", check_field, ("X", "\xe9"), value(["X", "\xe9"])),
    ("P22", "an empty value", check_field, ("X", ""), value(["X", ""])),
    ("P22", "CR LF in a value", check_field, ("X", "a\r\nSet-Cookie: b"), BAD_VALUE),
    ("P22", "LF in a value", check_field, ("X", "a\nb"), BAD_VALUE),
    ("P22", "CR in a value", check_field, ("X", "a\rb"), BAD_VALUE),
    ("P22", "NUL in a value", check_field, ("X", "a\0b"), BAD_VALUE),
    ("P22", "DEL in a value", check_field, ("X", "\x7f"), BAD_VALUE),
    ("P22", "a character that ends in the byte LF", check_field, ("X", "\u010a"), BAD_VALUE),
    ("P22", "a character that ends in the byte CR", check_field, ("X", "\u560d"), BAD_VALUE),
    ("P22", "no text", check_field, ("X", 5), BAD_VALUE),
    ("P22", "bytes", check_field, ("X", b"5"), BAD_VALUE),
    ("P22", "CR LF in a name", check_field, ("X\r\nY", "a"), BAD_NAME),
    ("P22", "a colon in a name", check_field, ("X:", "a"), BAD_NAME),
    ("P22", "a blank in a name", check_field, ("X Y", "a"), BAD_NAME),
    ("P22", "an empty name", check_field, ("", "a"), BAD_NAME),
    ("P22", "a name beyond ASCII", check_field, ("\xe9", "a"), BAD_NAME),
    ("P22", "added to fields", added, ("X", "a\r\n"), BAD_VALUE),
    ("P22", "every reason is one of ours", reason_of, (404,), value("Not Found")),
    ("P22", "a status without a phrase", reason_of, (299,), value("")),
    ("P22", "a chunk", encode_chunk, (b"\r\n" * 10,), value("14\r\n" + "\r\n" * 11)),
    ("P22", "an empty chunk would end the body", encode_chunk, (b"",), value("")),
    (
        "P23",
        "a URL",
        url_parts,
        ("https://Device.local:8443/a?b#c",),
        value(["https", "device.local", 8443, "/a?b", "device.local:8443", None, "https://device.local:8443/a?b"]),
    ),
    (
        "P23",
        "a URL with a user, whom str() hides",
        url_parts,
        ("HTTP://u:p@a:80",),
        value(["http", "a", 80, "/", "a", "u:p", "http://a/"]),
    ),
    ("P23", "a host alone", url_parts, ("a?b",), value(["https", "a", 443, "/?b", "a", None, "https://a/?b"])),
    (
        "P23",
        "an IPv6 address",
        url_parts,
        ("wss://[2001:DB8::1]:1/",),
        value(["wss", "2001:db8::1", 1, "/", "[2001:db8::1]:1", None, "wss://[2001:db8::1]:1/"]),
    ),
    (
        "P23",
        "letters beyond ASCII in the path",
        url_parts,
        ("ws://a/\xe9",),
        value(["ws", "a", 80, "/%C3%A9", "a", None, "ws://a/%C3%A9"]),
    ),
    ("P23", "file:", url_parts, ("file:///etc/passwd",), BAD_URL),
    ("P23", "javascript:", url_parts, ("javascript:alert(1)",), BAD_URL),
    ("P23", "no host", url_parts, ("https:///a",), BAD_URL),
    ("P23", "port 65536", url_parts, ("https://a:65536/",), BAD_URL),
    ("P23", "CR LF", url_parts, ("https://a/\r\nHost: b",), BAD_URL),
    ("P23", "a blank", url_parts, ("https://a/b c",), BAD_URL),
    ("P23", "NUL", url_parts, ("https://a/\0",), BAD_URL),
    ("P23", "nothing", url_parts, ("",), BAD_URL),
    ("P23", "no text", url_parts, (None,), BAD_URL),
    ("P23", "a backslash before the host", url_parts, ("https://good\\@evil/",), BAD_URL),
    ("P23", "a host beyond ASCII", url_parts, ("https://\xe9/",), BAD_URL),
    ("P23", "two hosts", url_parts, ("https://a,b/",), BAD_URL),
    (
        "P23",
        "the last at sign ends the user",
        url_parts,
        ("https://a@b@c/",),
        value(["https", "c", 443, "/", "c", "a@b", "https://c/"]),
    ),
]

# RFC 3986 sections 5.4.1 and 5.4.2, without what is no Web URL; a fragment is never sent.
CASES += [("RFC 3986 5.4", "reference " + reference, joined, (reference,), value(expected)) for reference, expected in (
    ("https://g/h?i", "https://g/h?i"), ("g", "https://a/b/c/g"), ("./g", "https://a/b/c/g"), ("g/", "https://a/b/c/g/"),
    ("/g", "https://a/g"), ("//g", "https://g/"), ("?y", "https://a/b/c/d;p?y"), ("g?y", "https://a/b/c/g?y"),
    ("#s", "https://a/b/c/d;p?q"), ("g#s", "https://a/b/c/g"), ("g?y#s", "https://a/b/c/g?y"), (";x", "https://a/b/c/;x"),
    ("g;x?y#s", "https://a/b/c/g;x?y"), ("", "https://a/b/c/d;p?q"), (".", "https://a/b/c/"), ("./", "https://a/b/c/"),
    ("..", "https://a/b/"), ("../", "https://a/b/"), ("../g", "https://a/b/g"), ("../..", "https://a/"),
    ("../../", "https://a/"), ("../../g", "https://a/g"), ("../../../g", "https://a/g"), ("../../../../g", "https://a/g"),
    ("/./g", "https://a/g"), ("/../g", "https://a/g"), ("g.", "https://a/b/c/g."), (".g", "https://a/b/c/.g"),
    ("g..", "https://a/b/c/g.."), ("..g", "https://a/b/c/..g"), ("./../g", "https://a/b/g"), ("./g/.", "https://a/b/c/g/"),
    ("g/./h", "https://a/b/c/g/h"), ("g/../h", "https://a/b/c/h"), ("g;x=1/./y", "https://a/b/c/g;x=1/y"),
    ("g;x=1/../y", "https://a/b/c/y"), ("g?y/./x", "https://a/b/c/g?y/./x"), ("g?y/../x", "https://a/b/c/g?y/../x"),
    ("http://b:81", "http://b:81/"), ("HTTPS://B/", "https://b/"))]
CASES += [("RFC 3986 5.4", "reference " + reference, joined, (reference,), BAD_URL) for reference in (
    "javascript:alert(1)", "file:///etc/passwd", "//", "https://", "a b", "//a b/", "/\r\nX: y", "mailto:a@b")]
