"""Every deadline and every limit over TLS: the one that is named ends it and no other, with its status and a notice.

What is dripped, what comes in quantity, what is cut: test_messages. Who waits for a place: test_crowd.
"""

import socket
import ssl
import time

import pytest

from harness.interpreters import ROOT
from harness.playing import start_server, stop_server
from harness.wire import client_hello, open_raw, open_tls, read_until_end, trusting

GET = b"GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
POST = b"POST %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
SHORT = 0.8
# All others are far away: what ends a connection here is the one that is asked about.
LONG = {"handshake_timeout": 60, "header_timeout": 60, "recv_timeout": 60, "send_timeout": 60,
        "keep_alive_timeout": 60, "min_rate": 1}


def open_noticing(victim, receive_buffer=None):
    """A TLS connection that tells a close with notice (b"") from a cut (SSLEOFError)."""
    raw = socket.socket()
    if receive_buffer:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    raw.settimeout(15)
    raw.connect(("127.0.0.1", victim.port))
    return trusting(victim.certificates).wrap_socket(raw, server_hostname="localhost", suppress_ragged_eofs=False)


def answer_and_ending(line):
    """(all bytes that came, whether the end was announced)."""
    received = b""
    while True:
        try:
            data = line.recv(65536)
        except ssl.SSLEOFError:
            return received, False
        if not data:
            return received, True
        received += data


def ends_as_announced(victim, ending):
    """With a close_notify (RFC 8446 section 6.1) from OpenSSL; MicroPython's TLS cannot send one."""
    return ending is not victim.interpreter.is_micropython


# What the client does after the handshake, and the status it must get; None: the close without a word, because an
# unasked 408 would be taken for the answer to a request that is just on its way.
DEADLINES = {
    "the first byte": ("keep_alive_timeout", b"", None),
    "the next request": ("keep_alive_timeout", GET % (b"/", b""), 200),
    "a whole head": ("header_timeout", b"GET / HTTP/1.1\r\nHost: local", 408),
    "a second head behind an answer": ("header_timeout", GET % (b"/", b"") + b"GET / HT", 408),
    "the bytes of a body": ("recv_timeout", POST % (b"/echo", b"Content-Length: 100\r\n") + b"half", 408),
    "the bytes of a body that is read as it comes": (
        "recv_timeout", POST % (b"/count", b"Content-Length: 100\r\n") + b"half", 408),
    "the next chunk": ("recv_timeout", POST % (b"/count", b"Transfer-Encoding: chunked\r\n") + b"4\r\nhalf\r\n", 408),
    "the body after 100 Continue": (
        "recv_timeout", POST % (b"/count", b"Content-Length: 10\r\nExpect: 100-continue\r\n"), 408),
}


@pytest.mark.parametrize("waited_for", DEADLINES)
def test_each_deadline_is_kept_over_tls_and_says_408_where_a_request_had_begun(waited_for, make_victim):
    setting, data, status = DEADLINES[waited_for]
    settings = {**LONG, setting: SHORT}
    if waited_for == "the first byte":
        settings["handshake_timeout"] = SHORT  # MicroPython's handshake is over when the first byte comes
    victim = make_victim(settings=settings)
    with open_noticing(victim) as line:
        started = time.monotonic()
        line.sendall(data)
        answer, ending = answer_and_ending(line)
        took = time.monotonic() - started
    assert SHORT * 0.7 < took < SHORT + 15
    assert ends_as_announced(victim, ending)
    statuses = [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]
    assert (statuses[-1] if statuses else None) == status, answer
    if status == 408:
        assert b"connection: close" in answer.lower()


def test_the_handshake_has_a_deadline_of_its_own(make_victim):
    victim = make_victim(settings={**LONG, "handshake_timeout": SHORT})
    raw = open_raw(victim.port)
    started = time.monotonic()
    raw.sendall(client_hello()[:200])
    read_until_end(raw)
    assert SHORT * 0.7 < time.monotonic() - started < SHORT + 15
    assert victim.event_that("session_error") == "session_error deadline"
    raw.close()


@pytest.mark.parametrize("path", [b"/large/6000000", b"/stream/6000"])
def test_who_does_not_read_is_let_go_over_tls(path, make_victim):
    victim = make_victim(settings={**LONG, "send_timeout": SHORT}, heap="40m")
    with open_noticing(victim, receive_buffer=4096) as line:
        line.sendall(GET % (path, b""))
        started = time.monotonic()
        assert victim.event_that("connection_lost") == "connection_lost deadline"
        assert time.monotonic() - started < SHORT + 15


def test_the_callback_of_sessions_hears_at_the_close_which_deadline_it_was(programs, interpreter, certificates, port):
    server = start_server(programs, interpreter, "harness.hearing", port, certificates, sessions=True,
                          settings={**LONG, "send_timeout": SHORT})
    with open_tls(port, certificates) as line:
        line.sendall(GET % (b"/endless", b""))
        assert server.line() == "open None"
        assert server.line() == "close deadline"
    stop_server(server)


@pytest.mark.parametrize("setting", ["min_rate"])
def test_who_sends_less_than_the_minimum_is_let_go_although_he_is_never_silent(setting, make_victim):
    victim = make_victim(settings={**LONG, "recv_timeout": SHORT, setting: 10_000})
    with open_noticing(victim) as line:
        line.sendall(POST % (b"/echo", b"Content-Length: 1000\r\n"))
        started = time.monotonic()
        with pytest.raises(OSError):
            while time.monotonic() - started < 30:
                line.sendall(b"x")
                time.sleep(SHORT / 8)
        assert time.monotonic() - started < SHORT + 15


SMALL = {"max_uri_length": 100, "max_header_length": 400, "max_headers": 10, "max_body_length": 3000,
         "max_content_length": 2000}
# (what is sent, status, the setting or None)
LIMITS = {
    "what is no request": (b"no request at all\r\n\r\n", 400, None),
    "a body over the limit": (POST % (b"/count", b"Content-Length: 3001\r\n"), 413, "max_body_length"),
    "a body over what is held in memory": (POST % (b"/echo", b"Content-Length: 2001\r\n") + b"x" * 2001, 413,
                                           "max_content_length"),
    "a target over the limit": (GET % (b"/" + b"x" * 100, b""), 414, "max_uri_length"),
    "fields over the limit": (GET % (b"/", b"X: " + b"x" * 400 + b"\r\n"), 431, "max_header_length"),
    "too many fields": (GET % (b"/", b"X: 1\r\n" * 10), 431, "max_headers"),
    "a method nobody knows": (b"BREW / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 501, None),
    "another version": (b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", 505, None),
}


@pytest.mark.parametrize("kind", LIMITS)
def test_each_limit_has_its_status_over_tls_and_the_client_reads_it_before_the_end(kind, make_victim):
    """RFC 9110 sections 15.5 and 15.6, RFC 6585 section 5. Bytes that nobody read must not reset the answer away."""
    data, status, _ = LIMITS[kind]
    victim = make_victim(settings=SMALL)
    with open_noticing(victim) as line:
        line.sendall(data)
        answer, ending = answer_and_ending(line)
    assert answer.startswith(b"HTTP/1.1 %d " % status), answer
    assert b"connection: close" in answer.lower()
    assert ends_as_announced(victim, ending)


@pytest.mark.parametrize("kind", [kind for kind in LIMITS if LIMITS[kind][2]])
def test_one_byte_or_field_less_is_within_the_limit(kind, make_victim):
    """It is the setting that refuses, and not something near it."""
    data, status, setting = LIMITS[kind]
    victim = make_victim(settings={**SMALL, setting: SMALL[setting] * 2})
    with open_noticing(victim) as line:
        line.sendall(data + b"x" * (3001 if setting == "max_body_length" else 0))
        answer = line.recv(65536)
    assert answer.startswith(b"HTTP/1.1 "), answer
    assert not answer.startswith(b"HTTP/1.1 %d " % status)


def test_every_setting_that_limits_or_times_is_in_the_table_with_its_reason():
    """And the page of defaults is made from there."""
    namespace = {}
    text = (ROOT / "src" / "microhttps" / "limits.py").read_text()
    exec(compile(text, "limits.py", "exec"), namespace)
    lines = text.splitlines()
    for name in namespace["SERVER"]:
        number = next(number for number, line in enumerate(lines) if line.startswith(f'    "{name}":'))
        assert lines[number - 1].strip().startswith("#"), f"{name} has no reason"
    shown = {setting for setting, _, _ in DEADLINES.values()} | {limit[2] for limit in LIMITS.values()}
    shown |= {"handshake_timeout", "send_timeout", "min_rate"}  # above
    shown |= {"stop_timeout", "admission_timeout"}  # scenarios/graceful_stop, test_crowd
    of_deadlines = {name for name in namespace["SERVER"] if name.endswith("_timeout")}
    assert of_deadlines <= shown, of_deadlines - shown
