"""Values of fields that an application sets, and what is refused: each case a line. Runs on both interpreters."""

import sys

from microhttps import Response, UsageError
from microhttps.messages.conditions import has_same
from microhttps.messages.files import accepts_gzip
from microhttps.messages.ranges import take_ranges
from microhttps.wire.http_dates import format_date, parse_date

SAFE = "; Path=/; SameSite=Lax; Secure; HttpOnly"
# (name, value, attributes): the field's value, or what the error says of it
COOKIES = (
    (("a", "b", {}), "a=b" + SAFE),
    (("a", "", {}), "a=" + SAFE),
    (("a", "x" * 4095, {}), "a=" + "x" * 4095 + SAFE),
    (("a", "x" * 4096, {}), "name and value have at most 4096 bytes"),
    (("a", "!#$%&'()*+-./:<=>?@[]^_`{|}~", {}), "a=!#$%&'()*+-./:<=>?@[]^_`{|}~" + SAFE),
    (("a", "b", {"max_age": 60}), "a=b; Max-Age=60" + SAFE),
    (("a", "b", {"max_age": 0, "expires": 784111777}),
     "a=b; Max-Age=0; Expires=Sun, 06 Nov 1994 08:49:37 GMT" + SAFE),
    (("a", "b", {"domain": "example.org", "path": "/x y"}),
     "a=b; Domain=example.org; Path=/x y; SameSite=Lax; Secure; HttpOnly"),
    (("a", "b", {"path": None, "same_site": None, "secure": False, "http_only": False}), "a=b"),
    (("a", "b", {"same_site": "Strict"}), "a=b; Path=/; SameSite=Strict; Secure; HttpOnly"),
    (("a", "b", {"same_site": "None", "partitioned": True}),
     "a=b; Path=/; SameSite=None; Secure; HttpOnly; Partitioned"),
    (("a", "b", {"secure": False}), "a=b; Path=/; SameSite=Lax; HttpOnly"),
    (("__Host-a", "b", {}), "__Host-a=b" + SAFE),
    (("__Secure-a", "b", {"domain": "example.org"}), "__Secure-a=b; Domain=example.org" + SAFE),
    (("__Host-a", "b", {"secure": False}), "this prefix is for secure cookies"),
    (("__host-a", "b", {"secure": False}), "this prefix is for secure cookies"),
    (("__secure-a", "b", {"secure": False}), "this prefix is for secure cookies"),
    (("__Host-a", "b", {"domain": "example.org"}), "this prefix is for cookies without a domain, with the path /"),
    (("__HOST-a", "b", {"path": "/x"}), "this prefix is for cookies without a domain, with the path /"),
    (("__Host-a", "b", {"path": None}), "this prefix is for cookies without a domain, with the path /"),
    (("a", "b", {"same_site": "None", "secure": False}), "SameSite=None and Partitioned are for secure cookies"),
    (("a", "b", {"partitioned": True, "secure": False}), "SameSite=None and Partitioned are for secure cookies"),
    (("a", "b", {"same_site": "lax"}), "same_site is Lax, Strict, None or left out"),
    (("", "b", {}), "a name is a token"),
    (("a b", "b", {}), "a name is a token"),
    (("a=", "b", {}), "a name is a token"),
    (("\u00e4", "b", {}), "a name is a token"),
    ((None, "b", {}), "a name is a token"),
    (("a", "b", {"domain": "a;b"}), "a domain is a host name"),
    (("a", "b", {"domain": ""}), "a domain is a host name"),
    (("a", "b", {"path": "x"}), "a path begins with / and is ASCII without semicolons"),
    (("a", "b", {"path": "/;Domain=x"}), "a path begins with / and is ASCII without semicolons"),
    (("a", "b", {"path": "/\r\nX: y"}), "a path begins with / and is ASCII without semicolons"),
) + tuple((("a", bad, {}), "a value is visible ASCII without quotes, commas, semicolons and backslashes")
          for bad in (" ", "a b", 'a"', "a;b", "a,b", "a\\b", "a\r\nSet-Cookie: x=y", "a\0", "\u00e4", "\x7f", None, 5))

# (url, status): the Location, or the code of the error
REDIRECTS = (
    (("/x", 302), "/x"), (("x/../y?a=b#c", 301), "x/../y?a=b#c"), (("https://example.org/", 303), "https://example.org/"),
    (("?a", 307), "?a"), (("//example.org/x", 308), "//example.org/x"),
    (("/gr\u00fc\u00dfe \u20ac", 302), "/gr%C3%BC%C3%9Fe%20%E2%82%AC"), (("/a%20b", 302), "/a%20b"),
    (('/<">', 302), "/%3C%22%3E"), (("/\\x", 302), "/%5Cx"),
    (("/x\r\nSet-Cookie: a=b", 302), "bad_url"), (("/x\n", 302), "bad_url"), (("/\0", 302), "bad_url"),
    (("", 302), "bad_url"), ((None, 302), "bad_url"), ((b"/x", 302), "bad_url"),
    (("/x", 200), "bad_status"), (("/x", 300), "bad_status"), (("/x", 304), "bad_status"), (("/x", 305), "bad_status"),
    (("/x", 306), "bad_status"), (("/x", "302"), "bad_status"),
)

# (name): the field of a download, or the code of the error
DOWNLOADS = (
    ("a.txt", 'attachment; filename="a.txt"'),
    (True, 'attachment; filename="c.txt"'),
    ("a b (1).txt", 'attachment; filename="a b (1).txt"'),
    ("../../etc/passwd", "attachment; filename=\".._.._etc_passwd\"; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd"),
    ('"; x="', "attachment; filename=\"__ x=_\"; filename*=UTF-8''%22%3B%20x%3D%22"),
    ("\u20ac 100%.pdf", "attachment; filename=\"_ 100_.pdf\"; filename*=UTF-8''%E2%82%AC%20100%25.pdf"),
    ("a\r\nX: y", "bad_file_name"), ("a\0", "bad_file_name"), (5, "bad_file_name"),
)

# What is read: the seconds since 1970, or None
DATES = (
    (b"Sun, 06 Nov 1994 08:49:37 GMT", 784111777), (b"Sunday, 06-Nov-94 08:49:37 GMT", 784111777),
    (b"Sun Nov  6 08:49:37 1994", 784111777), (b"Thu, 01 Jan 1970 00:00:00 GMT", 0),
    (b"Sat, 29 Feb 2020 23:59:60 GMT", 1583020800), (b"Wed, 31 Dec 2098 23:59:59 GMT", 4070908799),
    (b"Sun, 06 Nov 1994 08:49:37 +0100", None), (b"Sun, 06 Nov 1994 08:49:37", None), (b"", None), (b"x", None),
    (b"Sun, 32 Nov 1994 08:49:37 GMT", None), (b"Sun, 06 Nvo 1994 08:49:37 GMT", None), (b"0", None),
    (b"Sun, 06 Nov 1994 24:49:37 GMT", None), (b"Sun, 06 Nov 1994 08:60:37 GMT", None),
    (b"Sun, 06 Nov 1994 08:49:3x GMT", None), (b"Sun, 06 Nov 1994 08:49:+7 GMT", None),
    (b"Sun, 06 Nov 199999 08:49:37 GMT", None), (b"Sun, 06 ovD 1994 08:49:37 GMT", None),
    (b"Sun, 06 Nov 1994 08:49 GMT", None), (b"\xff\xfe, 06 Nov 1994 08:49:37 GMT", 784111777),
)


def outcome(make):
    """What came, or what an error says of it."""
    try:
        return make()
    except UsageError as error:
        return error.message if error.code == "bad_cookie" else error.code


def cookie(name, value, attributes):
    fields = Response("x").set_cookie(name, value, **attributes).headers
    return ", ".join(value for _, value in fields)


def redirect(url, status):
    answer = Response.redirect(url, status)
    return answer.headers[0][1] if answer.status == status else answer.status


def download(name):
    return Response.file("a/b/c.txt", download=name).body.disposition


def main():
    wrong = [(case, got, expected) for cases, take in (
        (COOKIES, lambda case: cookie(*case)), (REDIRECTS, lambda case: redirect(*case)), (DOWNLOADS, download),
        (DATES, parse_date)) for case, expected in cases
        for got in (outcome(lambda take=take, case=case: take(case)),) if got != expected]
    for text, seconds in DATES[:1] + DATES[3:4] + DATES[5:6]:
        if format_date(seconds).encode() != text:
            wrong.append((text, format_date(seconds)))
    two = Response("x", headers={"X-One": "1"}).set_cookie("a", "1").set_cookie("b", "2").delete_cookie("c")
    if [name for name, _ in two.headers] != ["X-One", "Set-Cookie", "Set-Cookie", "Set-Cookie"]:
        wrong.append(two.headers)
    if two.headers[3][1] != "c=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT" + SAFE:
        wrong.append(two.headers[3])
    pure = (take_ranges(b"bytes=0-0", 0, 9), has_same(None, None, None), has_same(b"x", b'"a"', None),
            accepts_gzip(b"gzip;q"), accepts_gzip(b";;,,=;q="))
    if pure != (None, True, False, True, False):
        wrong.append(pure)
    for case in wrong:
        print("wrong", repr(case))
    print(len(COOKIES) + len(REDIRECTS) + len(DOWNLOADS) + len(DATES), "cases")


if __name__ == "__main__":
    sys.exit(main())
