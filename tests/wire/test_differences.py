"""Two parsers, one verdict: on what hypothesis makes up, on mutations of the cases, and within a bounded time.

`fuzz.py` does the same at length (`make fuzz`).
"""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import microhttps.wire.heads_by_expression
import microhttps.wire.heads_by_split
from microhttps.wire.chunked import ChunkedBody
from microhttps.wire.headers import bytes_of, check_field, text_of
from microhttps.wire.http1 import LAST_CHUNK, encode_chunk
from microhttps.wire.url import parse_query, percent_decode, quote
from wire import fuzz
from wire.answer import answer
from wire.verdicts import TRAILING, request_verdict, response_verdict, whole_by_bytes

PARSERS = (microhttps.wire.heads_by_expression, microhttps.wire.heads_by_split)

tokens = st.text("abcXYZ019!#$%&'*+-.^_`|~", min_size=1, max_size=12).map(str.encode)
values = st.lists(
    st.sampled_from([b"a", b",", b" ", b"\t", b"\xe9", b":", b"close", b"chunked", b"5", b"/", b"\\"])
).map(b"".join)
names = st.one_of(
    tokens,
    st.sampled_from([b"Host", b"content-length", b"Transfer-Encoding", b"Connection", b"EXPECT", b"Upgrade"]),
)
fields = st.tuples(names, st.sampled_from([b":", b": ", b":\t "]), values, st.sampled_from([b"", b" ", b"\t \t"]))
blocks = st.lists(fields, max_size=6).map(lambda found: b"".join(b"".join(field) + b"\r\n" for field in found))
targets = st.sampled_from([b"/", b"/a?b", b"*", b"http://a:80/b", b"https://a", b"a:80", b"//a"])
methods = st.sampled_from([b"GET", b"POST", b"OPTIONS", b"CONNECT", b"X-Y"])
versions = st.sampled_from([b"HTTP/1.1", b"HTTP/1.0", b"HTTP/1.3"])
hosts = st.sampled_from([b"", b"Host: a\r\n", b"Host: a:8443\r\n", b"Host: [::1]\r\n", b"Host:\r\n"])
requests = st.tuples(methods, targets, versions, hosts, blocks).map(lambda parts: b"%s %s %s\r\n%s%s\r\n" % parts)
statuses = st.sampled_from([b"200 OK", b"100 ", b"204", b"304 x", b"999 \xe9", b"101 Switching"])
responses = st.tuples(versions, statuses, blocks).map(lambda parts: b"%s %s\r\n%s\r\n" % parts)
anything = st.binary(max_size=60)
some = settings(max_examples=300, deadline=None)


@some
@given(st.one_of(requests, anything, st.tuples(requests, anything).map(b"".join)))
@example(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
def test_both_parsers_say_the_same_of_a_request(data):
    assert request_verdict(PARSERS[0], data) == request_verdict(PARSERS[1], data)


@some
@given(st.one_of(responses, anything, st.tuples(responses, anything).map(b"".join)), st.sampled_from(["GET", "HEAD"]))
def test_both_parsers_say_the_same_of_a_response(data, method):
    assert response_verdict(PARSERS[0], data, 0, method) == response_verdict(PARSERS[1], data, 0, method)


@settings(max_examples=150, deadline=None)
@given(st.one_of(requests, anything), st.sampled_from(PARSERS))
def test_a_request_has_one_verdict_however_it_comes(data, parser):
    whole = request_verdict(parser, data)
    assert whole_by_bytes(data, lambda part, start: request_verdict(parser, part, start)) == whole
    if whole["is"] != "need":
        assert request_verdict(parser, data + TRAILING) == whole


@some
@given(st.lists(st.binary(max_size=20)), st.integers(1, 30))
def test_what_is_sent_in_chunks_arrives(parts, size):
    data = b"".join(encode_chunk(part) for part in parts) + LAST_CHUNK + TRAILING
    expected = {"is": "taken", "content": text_of(b"".join(parts)), "trailers": [], "end": len(data) - len(TRAILING)}
    body = ChunkedBody(1000)
    at = 0
    found = []
    while not body.is_complete:
        payload, used = body.take(data[at : at + size], 0)
        found.append(payload)
        at += used
    assert {"is": "taken", "content": text_of(b"".join(found)), "trailers": body.trailers, "end": at} == expected


@some
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_what_is_quoted_is_decoded(text):
    assert percent_decode(quote(text)) == text
    assert parse_query("a=%s&%s" % (quote(text, ""), quote("x" + text, ""))) == [("a", text), ("x" + text, "")]


@some
@given(st.binary())
def test_latin_1_is_what_text_and_bytes_of_fields_are(raw):
    assert text_of(raw) == raw.decode("latin-1")
    assert bytes_of(text_of(raw)) == raw


@some
@given(tokens, values)
def test_what_may_be_set_as_a_field_is_taken_as_that_field(name, value):
    pair = check_field("X" + name.decode(), text_of(value))
    head = b"GET / HTTP/1.0\r\n%s: %s\r\n\r\n" % pair
    for parser in PARSERS:
        assert request_verdict(parser, head)["fields"] == [["X" + name.decode(), text_of(value.strip(b" \t"))]]


def test_mutated_cases_get_one_verdict(micropython):
    assert fuzz.differences(list(fuzz.inputs(10000, 20261120)), micropython) == []


def test_a_case_knows_no_fault_without_a_name():
    """The sentence of last resort in `diagnose` is for mistakes of ours; the fuzz reports it as one."""
    question = ("request", "5", b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n")
    assert fuzz.NO_NAME not in answer(PARSERS[0], *question)


class Wide:
    max_uri_length = 16 * 1024
    max_header_length = 16 * 1024
    max_headers = 10000


START = b"GET / HTTP/1.1\r\nHost: a\r\n"
LONG = {
    "a value of blanks": START + b"X:" + b" " * 16000 + b"\x00\r\n\r\n",
    "a value of blanks and letters": START + b"X:" + b"a \t" * 5300 + b"\x00\r\n\r\n",
    "values that end in blanks": START + (b"X:" + b" " * 78 + b"\r\n") * 190 + b"\x00\r\n\r\n",
    "a name of letters": START + b"a" * 16000 + b"\r\n\r\n",
    "short fields": START + b"a:\r\n" * 3900 + b"\x00\r\n\r\n",
    "short fields with blanks": START + b"a: \r\n" * 3100 + b"\x00\r\n\r\n",
    "colons": START + b"a" + b":" * 15000 + b"\x00\r\n\r\n",
    "a target": b"GET /" + b"a" * 16000 + b" HTTP/1.1x\r\n\r\n",
    "a target and no end": b"GET /" + b"a" * 16000,
    "a good one": START + b"X: y z\r\n" * 1900 + b"\r\n",
    "a good one with blanks at the ends": START + b"X: y z \r\n" * 1700 + b"\r\n",
    "a list of options": START + b"Connection: " + b"a," * 7900 + b"\r\n\r\n",
    "connection fields": START + b"Connection:a\r\n" * 1100 + b"\r\n",
}


@pytest.mark.parametrize("parser", PARSERS, ids=["expression", "split"])
@pytest.mark.parametrize("name", LONG)
def test_the_time_for_a_head_grows_no_faster_than_the_head(name, parser):
    """Steps back over 16 KB for each of 16 000 bytes would take seconds; a walk takes milliseconds."""
    began = time.process_time()
    request_verdict(parser, LONG[name], limits=Wide)
    assert time.process_time() - began < 0.25


@pytest.mark.parametrize("parser", PARSERS, ids=["expression", "split"])
def test_a_head_that_drips_is_not_scanned_at_every_drop(parser):
    data = START + b"X-Field: some value\r\n" * 700
    began = time.process_time()
    for end in range(len(data)):
        assert request_verdict(parser, data[:end], limits=Wide)["is"] == "need"
    assert time.process_time() - began < 3
