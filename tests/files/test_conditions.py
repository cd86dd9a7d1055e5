"""Ranges and conditions over TLS, each request a line: RFC 9110 sections 13 and 14."""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from files.conftest import CHANGED_TEXT, LARGE, LETTERS
from microhttps import Response
from microhttps.messages.answer import encode_answer

BEFORE, AFTER = "Thu, 01 Jan 2026 03:04:05 GMT", "Sat, 03 Jan 2026 03:04:05 GMT"
ETAG = '"695735a5-1a"'

# request fields: (status, body, Content-Range)
RANGES = {
    "bytes=0-4": (206, b"abcde", "bytes 0-4/26"),
    "bytes=25-": (206, b"z", "bytes 25-25/26"),
    "bytes=20-99999": (206, b"uvwxyz", "bytes 20-25/26"),
    "bytes=-3": (206, b"xyz", "bytes 23-25/26"),
    "bytes=-26": (206, LETTERS, "bytes 0-25/26"),
    "bytes=-99999999999999999": (206, LETTERS, "bytes 0-25/26"),
    "BYTES = 0-0 ": (206, b"a", "bytes 0-0/26"),
    "bytes=0-0,": (206, b"a", "bytes 0-0/26"),
    "bytes=26-": (416, None, "bytes */26"),
    "bytes=9999999999999999999-": (416, None, "bytes */26"),
    "bytes=-0": (416, None, "bytes */26"),
    "bytes=30-,40-50": (416, None, "bytes */26"),
    "bytes=0-1,40-50": (206, b"ab", "bytes 0-1/26"),
    # What is malformed, or no range of bytes, is ignored (RFC 9110 section 14.2).
    "bytes=5-4": (200, LETTERS, None),
    "bytes=a-b": (200, LETTERS, None),
    "bytes=-": (200, LETTERS, None),
    "bytes=": (200, LETTERS, None),
    "bytes=1": (200, LETTERS, None),
    "bytes=--1": (200, LETTERS, None),
    "bytes=+1-2": (200, LETTERS, None),
    "bytes=0x1-2": (200, LETTERS, None),
    "bytes=1-2;3": (200, LETTERS, None),
    "bytes=99999999999999999999999-": (200, LETTERS, None),
    "bytes 0-4": (200, LETTERS, None),
    "lines=0-4": (200, LETTERS, None),
    # More than there is, however it is cut up: the whole is less.
    "bytes=0-,0-": (200, LETTERS, None),
    "bytes=" + ",".join(["0-25"] * 300): (200, LETTERS, None),
    "bytes=" + ",".join(f"{at}-{at}" for at in range(26)) + ",0-" * 30: (200, LETTERS, None),
}

# name: (request fields, status) for small.txt
CONDITIONS = {
    "the same tag": ({"If_None_Match": ETAG}, 304),
    "the same tag, weak": ({"If_None_Match": "W/" + ETAG}, 304),
    "one of several": ({"If_None_Match": '"x, y", W/"z" , ' + ETAG}, 304),
    "any": ({"If_None_Match": "*"}, 304),
    "another tag": ({"If_None_Match": '"x"'}, 200),
    "no tag at all": ({"If_None_Match": "x"}, 200),
    "the tag without quotes": ({"If_None_Match": ETAG.strip('"')}, 200),
    "not changed since": ({"If_Modified_Since": CHANGED_TEXT}, 304),
    "not changed since later": ({"If_Modified_Since": AFTER}, 304),
    "changed since": ({"If_Modified_Since": BEFORE}, 200),
    "changed since, the old way": ({"If_Modified_Since": "Friday, 02-Jan-26 03:04:05 GMT"}, 304),
    "changed since, the oldest way": ({"If_Modified_Since": "Fri Jan  2 03:04:05 2026"}, 304),
    "no date": ({"If_Modified_Since": "yesterday"}, 200),
    "two dates": ({"If_Modified_Since": CHANGED_TEXT + ", " + CHANGED_TEXT}, 200),
    "a tag goes before a date": ({"If_None_Match": '"x"', "If_Modified_Since": AFTER}, 200),
    "a tag goes before a date, the other way": ({"If_None_Match": ETAG, "If_Modified_Since": BEFORE}, 304),
    "must match": ({"If_Match": ETAG}, 200),
    "must match any": ({"If_Match": "*"}, 200),
    "must match another": ({"If_Match": '"x"'}, 412),
    "must match, weak": ({"If_Match": "W/" + ETAG}, 412),
    "must not have changed": ({"If_Unmodified_Since": CHANGED_TEXT}, 200),
    "must not have changed since before": ({"If_Unmodified_Since": BEFORE}, 412),
    "must not have changed since no date": ({"If_Unmodified_Since": "x"}, 200),
    "If-Match goes before If-Unmodified-Since": ({"If_Match": ETAG, "If_Unmodified_Since": BEFORE}, 200),
    "412 goes before 304": ({"If_Match": '"x"', "If_None_Match": ETAG}, 412),
    "304 behind a match": ({"If_Match": ETAG, "If_None_Match": ETAG}, 304),
    "304 goes before a range": ({"If_None_Match": ETAG, "Range": "bytes=0-1"}, 304),
    "412 goes before a range": ({"If_Match": '"x"', "Range": "bytes=99-"}, 412),
    "a range if it is the same": ({"If_Range": ETAG, "Range": "bytes=0-1"}, 206),
    "a range if it is the same, weak": ({"If_Range": "W/" + ETAG, "Range": "bytes=0-1"}, 200),
    "a range if it is another": ({"If_Range": '"x"', "Range": "bytes=0-1"}, 200),
    "a range if it is of that date": ({"If_Range": CHANGED_TEXT, "Range": "bytes=0-1"}, 206),
    "a range if it is of a later date": ({"If_Range": AFTER, "Range": "bytes=0-1"}, 200),
    "a range if it is of no date": ({"If_Range": "x", "Range": "bytes=0-1"}, 200),
    "what cannot be had is whole if it is another": ({"If_Range": '"x"', "Range": "bytes=99-"}, 200),
}


def test_each_range_is_answered_with_these_bytes_and_no_others(site):
    for asked, (status, body, told) in RANGES.items():
        answer = site.ask("/www/small.txt", Range=asked)
        assert (answer.status, answer.headers.get("content-range")) == (status, told), asked[:60]
        assert body is None or answer.body == body, asked[:60]
        assert answer.headers["accept-ranges"] == "bytes"


def test_each_condition_decides_in_the_order_of_the_standard(site):
    for name, (fields, status) in CONDITIONS.items():
        answer = site.ask("/www/small.txt", **fields)
        assert answer.status == status, name
        if status == 200:
            assert answer.body == LETTERS and answer.headers["content-type"] == "text/plain; charset=utf-8", name
        assert answer.headers["etag"] == ETAG and answer.headers["last-modified"] == CHANGED_TEXT, name


def test_304_says_what_a_cache_needs_and_has_no_body(site):
    answer = site.ask("/aged/small.txt", If_None_Match=ETAG)
    assert (answer.status, answer.body) == (304, b"")
    answer.headers.pop("date", None)
    assert answer.headers == {"etag": ETAG, "last-modified": CHANGED_TEXT, "cache-control": "public, max-age=600"}
    assert site.ask("/").body == b"small"  # and the connection stands


def test_head_is_get_without_its_body_and_knows_no_ranges(site):
    for target in ("/www/small.txt", "/www/large.bin", "/www/page.html", "/www/none"):
        whole, head = site.ask(target), site.ask(target, "HEAD")
        for answer in (whole, head):
            answer.headers.pop("date", None)
        assert (head.status, head.headers, head.body) == (200, whole.headers, b"")
        assert int(head.headers["content-length"]) == len(whole.body)
        assert site.ask(target, "HEAD", Range="bytes=0-0").status == 200
        assert site.ask(target, "HEAD", If_None_Match=head.headers["etag"]).status == 304
    assert site.ask("/www/small.txt", "POST").status == 405


def test_parts_of_a_large_file_are_these_bytes(site):
    assert site.ask("/www/large.bin").body == LARGE
    for first, last in ((0, 0), (1, 70_000), (65_535, 65_536), (200_000, 299_999), (150_000, 250_001)):
        answer = site.ask("/www/large.bin", Range=f"bytes={first}-{last}")
        assert (answer.status, answer.body) == (206, LARGE[first:last + 1])
        assert answer.headers["content-length"] == str(last + 1 - first)


def parts_of(answer):
    """[(Content-Range, bytes)] of a multipart/byteranges body."""
    boundary = re.fullmatch(r"multipart/byteranges; boundary=(\w+)", answer.headers["content-type"])[1].encode()
    first, *parts, last = answer.body.split(b"\r\n--" + boundary)
    assert (first, last) == (b"", b"--\r\n")
    found = []
    for part in parts:
        head, _, body = part.partition(b"\r\n\r\n")
        assert head.startswith(b"\r\nContent-Type: application/octet-stream\r\nContent-Range: ")
        found.append((head.rpartition(b": ")[2].decode(), body))
    return found


def test_several_ranges_come_as_parts_in_the_order_asked_for(site):
    answer = site.ask("/www/large.bin", Range="bytes=299990-, 0-9 ,100000-170000")
    assert answer.status == 206
    assert "content-range" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert parts_of(answer) == [("bytes 299990-299999/300000", LARGE[-10:]), ("bytes 0-9/300000", LARGE[:10]),
                                ("bytes 100000-170000/300000", LARGE[100_000:170_001])]


def test_more_ranges_than_anybody_needs_get_the_whole(site, interpreter):
    """The attack that took Apache down in 2011: a part for each of thousands of ranges."""
    most = 4 if interpreter.is_micropython else 32
    for count, status in ((most, 206), (most + 1, 200), (150, 200)):
        asked = ",".join(f"{at}-{at}" for at in range(0, 2 * count, 2))
        answer = site.ask("/www/large.bin", Range="bytes=" + asked)
        assert answer.status == status
        assert len(answer.body) < 302_000


def test_an_empty_file_has_no_part(site):
    assert (site.ask("/www/none").status, site.ask("/www/none").body) == (200, b"")
    for asked in ("bytes=0-", "bytes=-5", "bytes=7-9"):
        assert site.ask("/www/none", Range=asked).status == 200


def test_what_a_handler_makes_is_conditional_too_when_it_has_a_validator(site):
    made = site.ask("/dynamic")
    assert (made.status, made.body, made.headers["etag"]) == (200, b"made", '"v1"')
    for fields, status in (({"If_None_Match": '"v1"'}, 304), ({"If_None_Match": '"v2"'}, 200),
                           ({"If_Modified_Since": "Sun, 06 Nov 1994 08:49:37 GMT"}, 304),
                           ({"If_Match": '"v2"'}, 412), ({"If_Match": '"v1"'}, 200), ({"Range": "bytes=0-0"}, 200)):
        answer = site.ask("/dynamic", **fields)
        assert (answer.status, answer.body) == (status, b"made" if status == 200 else b"")
        assert answer.headers["set-cookie"] == "a=b"
        assert ("content-language" in answer.headers) == (status == 200)
    # What was asked with POST has been done by now: no condition undoes it.
    assert site.ask("/dynamic", "POST", If_Match='"v2"').status == 200


odd = st.one_of(st.binary(max_size=30), st.sampled_from([
    b"*", b'"', b'W/"', b'W/', ETAG.encode(), b'"a","b"', b",,,", CHANGED_TEXT.encode(), b"bytes=", b"bytes=0-", b"-1",
    b"bytes=-1,-1", b"bytes=1-0", b"gzip", b"gzip;q=", b";q=0", b"*;q=0,gzip", b"bytes=0-1,2-3,4-5,6-7"]))
names = st.sampled_from([b"Range", b"If-Range", b"If-Match", b"If-None-Match", b"If-Modified-Since",
                         b"IF-UNMODIFIED-SINCE", b"Accept-Encoding"])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.lists(st.tuples(names, odd), max_size=6), method=st.sampled_from(["GET", "HEAD"]),
       name=st.sampled_from(["small.txt", "page.html", "large.bin", "none"]))
def test_whatever_is_asked_the_answer_is_whole(fields, method, name, folder):
    """No field of a peer's makes a handler fail, and what is announced is what comes."""

    class Head:
        minor = 1

    Head.method, Head.fields = method, fields
    answer, rest = encode_answer(Response.file(folder / name), 200, Head, False, b"")
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head[9:12])
    assert status in (200, 206, 304, 412, 416)
    if rest is not None and method == "GET":
        body += b"".join(bytes(piece) for piece in rest.source)
    length = re.search(rb"Content-Length: (\d+)", head)
    assert (length is None) == (status == 304)
    if length and method == "GET":
        assert len(body) == int(length[1]) <= 302_000
    else:
        assert body == b""
