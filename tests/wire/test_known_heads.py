"""Heads that come again and again are known on CPython: what they give is the same, and no secret is kept."""

import pytest

import microhttps.wire.heads_by_expression as heads
from microhttps.errors import PeerError

HEAD = b"GET /status HTTP/1.1\r\nHost: lamp.local\r\nAccept: */*\r\n\r\n"


class Limits:
    max_uri_length = 100
    max_header_length = 200
    max_headers = 5


@pytest.fixture(autouse=True)
def nothing_is_known():
    heads._known_heads.clear()
    heads._seen_once.clear()


def ask(data, limits, times=40):
    for _ in range(times):
        head = heads.take_request_head(data, 0, limits)
    return head


def facts(head):
    return (head.method, head.target, head.minor, list(head.fields), head.host, head.end, head.keep_alive,
            head.has_body, head.content_length, head.is_chunked, head.upgrade)


@pytest.mark.parametrize("head", [HEAD, HEAD[:-2] + b"Connection: close\r\n\r\n"], ids=["goes on", "the last"])
def test_a_known_head_says_what_it_said_when_it_was_new(head):
    limits = Limits()
    new = facts(heads.take_request_head(head, 0, limits))
    known = ask(head, limits)
    assert list(heads._known_heads) == [head]
    assert facts(known) == new


def test_each_request_has_a_head_of_its_own():
    """A redirecting server and an ASGI one change it."""
    limits = Limits()
    ask(HEAD, limits).target = "/elsewhere"
    assert ask(HEAD, limits).target == "/status"


def test_another_server_s_limits_are_judged_anew():
    ask(HEAD, Limits())
    strict = Limits()
    strict.max_headers = 1
    with pytest.raises(PeerError):
        heads.take_request_head(HEAD, 0, strict)


@pytest.mark.parametrize("line", [b"Cookie: session=1", b"cookie: session=1", b"Authorization: Basic eDp5",
                                  b"PROXY-AUTHORIZATION: Basic eDp5"])
def test_a_head_with_a_secret_is_not_kept(line):
    ask(HEAD[:-2] + line + b"\r\n\r\n", Limits())
    assert not heads._known_heads


@pytest.mark.parametrize("data", [HEAD + HEAD, HEAD + b"G",
                                  b"POST / HTTP/1.1\r\nHost: lamp.local\r\nContent-Length: 2\r\n\r\nok"])
def test_what_is_not_one_head_is_not_known(data):
    new = facts(heads.take_request_head(data, 0, Limits()))
    assert facts(ask(data, Limits())) == new
    assert not heads._known_heads


def test_however_many_heads_come_few_are_known():
    limits = Limits()
    for number in range(2000):
        ask(b"GET /%d HTTP/1.1\r\nHost: lamp.local\r\n\r\n" % number, limits, 20)
    assert 0 < len(heads._known_heads) <= 64
    assert len(heads._seen_once) <= 256
