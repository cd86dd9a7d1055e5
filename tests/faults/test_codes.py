"""The table of faults: the same code on both sides' interpreters, in the four pairings (issue: "Errors")."""

import contextlib
import socket
import threading

import pytest

from harness.interpreters import find_or_fail
from harness.playing import play, start_client, start_server, stop_server
from harness.programs import free_port, until
from harness.wire import ALERT, open_tls, record, reset

YEAR_2000 = 946684800

# name: (options of the play, code and class at the client, event at the server or None)
CERTIFICATE_FAULTS = {
    "no fault": ({}, "no error", "", None),
    "another authority": ({"certificate": "unknown"}, "untrusted_issuer", "TrustError", "handshake_refused"),
    "an authority nobody trusts": ({"trust": "stranger-ca"}, "untrusted_issuer", "TrustError", "handshake_refused"),
    "signed by itself": ({"certificate": "self-signed"}, "self_signed", "TrustError", "handshake_refused"),
    "another name": ({"certificate": "wrong-name"}, "wrong_name", "TrustError", "handshake_refused"),
    "another address": ({"certificate": "name-only", "host": "127.0.0.1"}, "wrong_name", "TrustError",
                        "handshake_refused"),
    "ended": ({"certificate": "expired"}, "expired", "TrustError", "handshake_refused"),
    "not begun": ({"certificate": "not-yet-valid"}, "not_yet_valid", "TrustError", "handshake_refused"),
    "a clock that was never set": ({"certificate": "not-yet-valid", "clock": YEAR_2000}, "clock_not_set",
                                   "ClockError", "handshake_refused"),
    "a clock never set, the other way": ({"certificate": "expired", "clock": YEAR_2000}, "clock_not_set",
                                         "ClockError", "handshake_refused"),
    "a clock never set, and another authority": ({"certificate": "unknown", "clock": YEAR_2000}, "untrusted_issuer",
                                                 "TrustError", "handshake_refused"),
}


@pytest.mark.parametrize("fault", CERTIFICATE_FAULTS)
def test_a_certificate_that_must_be_refused_has_the_same_code_in_every_pairing(fault, pairing, programs, certificates,
                                                                              port):
    options, code, kind, event = CERTIFICATE_FAULTS[fault]
    server_interpreter, client_interpreter = pairing
    server = start_server(programs, server_interpreter, "faults.parts", port, certificates, **options)
    client = start_client(programs, client_interpreter, "faults.parts", port, certificates, **options)
    assert client.lines_until_end() == [f"{code} {kind}", code]
    if event:
        # Twice: by the client, and by the bare stream.
        assert [server.line_that("session_error") for _ in range(2)] == [f"session_error {event}"] * 2
    assert stop_server(server) == []


def test_tls_spoken_to_a_plain_server_is_named_so_by_the_client(pairing, programs, certificates, port):
    server_interpreter, client_interpreter = pairing
    start_server(programs, server_interpreter, "faults.parts", port, certificates, settings={"transport": "insecure"})
    client = start_client(programs, client_interpreter, "faults.parts", port, certificates)
    assert client.lines_until_end() == ["peer_is_not_tls PeerError", "peer_is_not_tls"]


def test_plain_http_spoken_to_a_tls_server_is_named_so_by_the_server(pairing, programs, certificates, port):
    server_interpreter, client_interpreter = pairing
    server = start_server(programs, server_interpreter, "faults.parts", port, certificates)
    client = start_client(programs, client_interpreter, "faults.parts", port, certificates, scheme="http")
    # On CPython the client is told where HTTPS is (third_party/test_redirects). No library wastes an alert on it.
    expected = "reset NetworkError" if server_interpreter.is_micropython else "no error "
    assert client.lines_until_end() == [expected]
    assert server.line_that("session_error") == "session_error peer_is_not_tls"


def test_a_client_without_the_certificate_that_is_asked_for_is_refused(pairing, programs, certificates, port):
    server_interpreter, client_interpreter = pairing
    options = {"server_trust": "ca"}
    server = start_server(programs, server_interpreter, "faults.parts", port, certificates, **options)
    client = start_client(programs, client_interpreter, "faults.parts", port, certificates, **options)
    # Mbed TLS 3.6 sends this alert under TLS 1.3 with keys that its peer has put away by then, so that nobody can
    # read it (ssl_tls13_generic.c): the client knows that the handshake failed, and not why.
    expected = "handshake_failed PeerError" if server_interpreter.is_micropython else "handshake_refused TrustError"
    assert client.lines_until_end() == [expected, expected.split()[0]]
    assert [server.line_that("session_error") for _ in range(2)] == ["session_error no_client_certificate"] * 2


class Rude:
    """A server that does one thing to everybody who connects."""

    def __init__(self, port, act):
        self._act = act
        self._listener = socket.create_server(("127.0.0.1", port))
        self._open = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while True:
            try:
                raw, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(raw)
            try:
                self._act(raw)
            except OSError:
                pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()
        self._thread.join(5)
        for raw in self._open:
            raw.close()


def refuse_with_an_alert(raw):
    raw.recv(4096)
    raw.sendall(record(ALERT, b"\x02\x28"))
    raw.close()


def reset_after_the_hello(raw):
    raw.recv(4096)
    reset(raw)


def close_after_the_hello(raw):
    raw.recv(4096)
    raw.close()


def answer_in_plain_http(raw):
    raw.recv(4096)
    raw.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    raw.close()


def answer_in_ssh(raw):
    raw.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
    raw.recv(4096)
    raw.close()


def say_nothing(raw):
    raw.recv(4096)


# name: (what the server does, settings of the client, code, class)
RUDE = {
    "an alert": (refuse_with_an_alert, {}, "handshake_refused", "TrustError"),
    "a reset": (reset_after_the_hello, {}, "reset", "NetworkError"),
    "an end": (close_after_the_hello, {}, "reset", "NetworkError"),
    "plain HTTP": (answer_in_plain_http, {}, "peer_is_not_tls", "PeerError"),
    "SSH": (answer_in_ssh, {}, "peer_is_not_tls", "PeerError"),
    "silence": (say_nothing, {"handshake_timeout": 0.4}, "deadline", "DeadlineError"),
}


@pytest.mark.parametrize("rudeness", RUDE)
def test_a_server_that_breaks_off_the_handshake_is_named_by_how_it_did(rudeness, interpreter, programs, certificates,
                                                                       port):
    act, settings, code, kind = RUDE[rudeness]
    with Rude(port, act):
        client = start_client(programs, interpreter, "faults.parts", port, certificates, client_settings=settings)
        assert client.lines_until_end() == [f"{code} {kind}", code]


def test_a_port_nobody_listens_on_is_refused(interpreter, programs, certificates, port):
    client = start_client(programs, interpreter, "faults.parts", port, certificates)
    assert client.lines_until_end() == ["refused NetworkError", "refused"]


def test_a_host_that_does_not_exist_is_named_so(interpreter, programs, certificates, port):
    """RFC 6761: nothing below `invalid` exists."""
    client = start_client(programs, interpreter, "faults.parts", port, certificates, host="nowhere.invalid")
    assert client.lines_until_end() == ["no_such_host NetworkError", "no_such_host"]


def test_a_host_that_does_not_answer_at_all_ends_at_the_connect_deadline(interpreter, programs, certificates, port):
    """A listener whose queue is full drops further connects without a word (Linux), like a host that is not there."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen(0)
        crowd = []
        for _ in range(3):
            raw = socket.socket()
            raw.setblocking(False)
            raw.connect_ex(("127.0.0.1", port))
            crowd.append(raw)
        client = start_client(programs, interpreter, "faults.parts", port, certificates, host="127.0.0.1",
                              client_settings={"connect_timeout": 0.4})
        assert client.lines_until_end() == ["deadline DeadlineError", "deadline"]
        for raw in crowd:
            raw.close()


def test_a_port_in_use_is_named_so(interpreter, programs, certificates, port):
    with socket.create_server(("127.0.0.1", port)):
        server = play(programs, "server", interpreter, "faults.checked", port, certificates, {"expects_error": True})
        assert server.lines_until_end() == ["error port_in_use"]


BAD_FILES = {
    "random bytes": (["garbage.crt", "good.key"], "bad_certificate_file"),
    "an empty file": (["empty.crt", "good.key"], "bad_certificate_file"),
    "half a file": (["cut.crt", "good.key"], "bad_certificate_file"),
    "a text": (["text.crt", "good.key"], "bad_certificate_file"),
    "no file": (["missing.crt", "good.key"], "bad_certificate_file"),
    "a key in place of the certificate": (["good.key", "good.key"], "bad_certificate_file"),
    "a certificate in place of the key": (["good.crt", "good.crt"], "bad_certificate_file"),
    "a key of random bytes": (["good.crt", "garbage.key"], "bad_certificate_file"),
    "an empty key": (["good.crt", "empty.key"], "bad_certificate_file"),
    "half a key": (["good.crt", "cut.key"], "bad_certificate_file"),
    "no key": (["good.crt", "missing.key"], "bad_certificate_file"),
    "the key of another": (["mismatch.crt", "mismatch.key"], "key_does_not_match_certificate"),
    "the key of another kind": (["good.crt", "rsa.key"], "key_does_not_match_certificate"),
    "the key of another, in DER": (["good.crt.der", "mismatch.key.der"], "key_does_not_match_certificate"),
    "a certificate that has ended": (["expired.crt", "expired.key"], "expired"),
    "a certificate that has not begun": (["not-yet-valid.crt", "not-yet-valid.key"], "not_yet_valid"),
    "a certificate for clients": (["client.crt", "client.key"], "wrong_usage"),
}


@pytest.mark.parametrize("files", BAD_FILES)
def test_a_bad_certificate_is_named_before_anything_listens(files, interpreter, programs, certificates, port):
    """The port is taken by somebody else: had the server tried to listen before it looked, it would say so instead."""
    names, code = BAD_FILES[files]
    with socket.create_server(("127.0.0.1", port)):
        server = play(programs, "server", interpreter, "faults.checked", port, certificates,
                      {"files": names, "expects_error": True})
        assert server.lines_until_end() == [f"error {code}"]


@pytest.mark.parametrize("name", ["garbage", "empty", "cut", "text", "missing"])
def test_an_authority_that_is_none_is_named_so(name, interpreter, programs, certificates):
    client = start_client(programs, interpreter, "faults.parts", free_port(), certificates, trust=name)
    assert client.lines_until_end() == ["bad_certificate_file UsageError", "bad_certificate_file"]


@pytest.mark.micropython
@pytest.mark.parametrize("server_name", ["cpython", "micropython"])
def test_a_client_without_memory_says_so(server_name, programs, certificates, port):
    """On a heap that is full before the request begins; a computer has no such limit to set."""
    server = start_server(programs, find_or_fail(server_name), "faults.parts", port, certificates)
    client = start_client(programs, find_or_fail("micropython"), "faults.parts", port, certificates, heap="500k",
                          fill=list(range(500, 18000, 500)))
    first, *between, last = client.lines_until_end()
    codes = [line.split(" ", 1)[1] for line in between]
    assert (first, last) == ("no error", "no error")
    assert set(codes) <= {"out_of_memory", "no error"}, between
    assert codes[0] == "out_of_memory" and codes[-1] == "no error"
    stop_server(server)


@pytest.mark.micropython
@pytest.mark.parametrize("left", [500, 1000, 2000])
def test_a_server_without_memory_says_so_and_lives(left, programs, certificates, port):
    """Attack T12: a connection may fail for want of memory; the server lives, deadlines included, and serves again."""
    server = start_server(programs, find_or_fail("micropython"), "faults.parts", port, certificates, heap="500k",
                          settings={"handshake_timeout": 1, "keep_alive_timeout": 1, "max_open_sockets": 8,
                                    "max_sockets_per_address": 8})
    with open_tls(port, certificates) as there:
        there.sendall(b"GET /fill/%d HTTP/1.1\r\nHost: localhost\r\n\r\n" % left)
        with contextlib.suppress(OSError):  # the answer, or an end for want of memory to send it
            there.recv(4096)
        for _ in range(5):
            ask_as_newcomer(port, certificates, patience=3)
    server.line_that("dropped")
    until(lambda: ask_as_newcomer(port, certificates, patience=3).endswith(b"page"))
    with open_tls(port, certificates) as idle:
        assert idle.recv(100) == b"", "the deadline of an idle connection is not kept any more"

    def is_empty():
        """No place is lost: no connection is counted that is there no more."""
        server.tell("sessions")
        return server.line_that("sessions") == "sessions 0"

    until(is_empty)
    stop_server(server)
    events = [line for line in server.seen if line.startswith(("refused", "session_error"))]
    assert {event.split()[1] for event in events} <= {"out_of_memory", "reset", "deadline"}, events
    assert any(event.endswith(" out_of_memory") for event in events)


def ask_as_newcomer(port, certificates, patience):
    """The bytes of the answer; b"" when the server closes."""
    try:
        with open_tls(port, certificates, timeout=patience) as tls:
            tls.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return tls.recv(4096)
    except OSError:
        return b""
