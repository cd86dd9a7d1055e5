"""The fifteen defects found in ESP-IDF's HTTPS server, each shown absent, over TLS and on both interpreters.

They were seen in its source or in a run of it; how each shows itself is what its test does to ours.
"""

import base64
import os
import shutil
import socket
import ssl
import time

import pytest

from harness.interpreters import find_or_fail
from harness.playing import play, start_server, stop_server
from harness.wire import client_hello, open_raw, open_tls, read_until_end, trusting
from websocket.cases import frame

GET = b"GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
POST = b"POST %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
SETTINGS = {"handshake_timeout": 5, "header_timeout": 1, "recv_timeout": 1, "keep_alive_timeout": 6,
            "max_open_sockets": 20, "max_sockets_per_address": 20, "stop_timeout": 3}


class Ours:
    """A server of ours and the ways to it."""

    def __init__(self, program, interpreter, port, certificates):
        self.program = program
        self.interpreter = interpreter
        self.port = port
        self.certificates = certificates

    def open(self, **options):
        return open_tls(self.port, self.certificates, **options)

    def ask(self, data, patience=10):
        """All that is answered to these bytes until the end of the connection."""
        with self.open(timeout=patience) as line:
            line.sendall(data)
            return read_until_end(line, patience)[0]

    def is_good(self):
        with self.open() as line:
            line.sendall(GET % (b"/", b""))
            return take(line, b"small")


@pytest.fixture
def make_ours(programs, interpreter, certificates, port):
    made = []

    def make(settings=(), **options):
        program = start_server(programs, interpreter, "hostile.defective", port, certificates,
                               settings={**SETTINGS, **dict(settings)}, **options)
        made.append(Ours(program, interpreter, port, certificates))
        return made[-1]

    yield make
    for ours in made:
        assert ours.is_good()
        assert "smuggled" not in stop_server(ours.program)


def take(line, ending, patience=10):
    """Read until these bytes have come; False when the connection ends before."""
    line.settimeout(patience)
    received = b""
    while not received.endswith(ending):
        data = line.recv(65536)
        if not data:
            return False
        received += data
    return True


def take_answers(line, count, body=b"small"):
    """Read until so many answers have come; returns the seconds it took."""
    started = time.monotonic()
    received = b""
    line.settimeout(10)
    while received.count(body) < count:
        data = line.recv(65536)
        assert data, received
        received += data
    return time.monotonic() - started


def test_1_what_comes_together_is_answered_together_and_no_event_is_waited_for(make_ours):
    """Pipelined requests left in a buffer waited until some other descriptor woke the loop (2.3, 2.9)."""
    ours = make_ours()
    with ours.open() as line:
        for count in (2, 5, 40):
            line.sendall(GET % (b"/", b"") * count)
            assert take_answers(line, count) < 2
        line.sendall((GET % (b"/", b"") * 2)[:-10])
        time.sleep(0.1)
        line.sendall((GET % (b"/", b""))[-10:] + GET % (b"/", b""))
        assert take_answers(line, 3) < 2
    with ours.open() as line:
        line.sendall(UPGRADE + frame(1, b"same segment") + frame(1, b"same record"))
        assert take(line, b"same record", 2)


def test_2_the_chunks_of_a_body_are_never_the_next_request(make_ours):
    """A chunked body counted as none, and its data was parsed as requests: smuggling (2.3)."""
    ours = make_ours()
    inner = GET % (b"/smuggled", b"")
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(inner), inner)
    for path in (b"/read", b"/unread", b"/", b"/nowhere"):
        answer = ours.ask(POST % (path, b"Transfer-Encoding: chunked\r\n") + chunked
                          + GET % (b"/", b"Connection: close\r\n"))
        assert answer.count(b"HTTP/1.1 ") <= 2
        assert b"HTTP/1.1 200" in answer or b"HTTP/1.1 404" in answer or b"HTTP/1.1 405" in answer
        assert b"smuggled" not in answer.replace(inner, b"")


def test_3_a_request_without_fields_leaves_nothing_behind(make_ours):
    """It was answered, and its own bytes stayed in a buffer and spoilt the next one (2.3)."""
    ours = make_ours()
    answer = ours.ask(b"GET / HTTP/1.1\r\n\r\n")  # without the Host that RFC 9112 section 3.2 demands
    assert answer.startswith(b"HTTP/1.1 400 ") and answer.count(b"\r\n\r\n") == 1
    answer = ours.ask(b"GET / HTTP/1.0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(b"small")
    with ours.open() as line:
        for _ in range(3):
            line.sendall(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            assert take(line, b"small")


def test_4_an_idle_connection_and_a_dripped_head_come_to_an_end(make_ours):
    """A silent one stayed for ever, and one byte each five seconds held the server (2.3)."""
    ours = make_ours({"keep_alive_timeout": 1, "handshake_timeout": 1.5})
    started = time.monotonic()
    assert ours.ask(b"") == b""
    assert time.monotonic() - started < 8
    with ours.open() as line:
        started = time.monotonic()
        line.settimeout(0.2)
        answer = b""
        for byte in GET % (b"/", b"X: " + b"x" * 500):
            try:
                line.sendall(bytes((byte,)))
                answer += line.recv(1000)
            except TimeoutError:
                continue
            except OSError:
                break
            if answer:
                break
        assert time.monotonic() - started < 8
        assert answer.startswith(b"HTTP/1.1 408 ")


def test_5_no_client_makes_the_others_wait(make_ours):
    """One handshake, one slow body or one slow handler blocked everybody else (2.1)."""
    ours = make_ours()
    raw = open_raw(ours.port)
    raw.sendall(client_hello()[:150])
    slow, body = ours.open(), ours.open()
    slow.sendall(GET % (b"/slow", b""))
    body.sendall(POST % (b"/read", b"Content-Length: 100\r\n") + b"half")
    started = time.monotonic()
    for _ in range(3):
        assert ours.is_good()
    assert time.monotonic() - started < 3.5
    assert take(slow, b"slow")
    for line in (raw, slow, body):
        line.close()


def test_6_connection_close_and_http_1_0_are_honoured(make_ours):
    """The connection was kept open whatever the client asked for (2.3)."""
    ours = make_ours({"keep_alive_timeout": 60, "handshake_timeout": 60})
    for request in (GET % (b"/", b"Connection: close\r\n"), b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n",
                    GET % (b"/", b"Connection: Keep-Alive, Close\r\n")):
        started = time.monotonic()
        answer = ours.ask(request)
        assert time.monotonic() - started < 8
        assert answer.endswith(b"small") and b"connection: close" in answer.lower()


def test_7_the_end_of_a_connection_is_announced(make_ours):
    """No close_notify was ever sent (2.6). MicroPython's TLS has no call for it: there the head announces the end."""
    ours = make_ours()
    context = trusting(ours.certificates)
    with context.wrap_socket(open_raw(ours.port), server_hostname="localhost", suppress_ragged_eofs=False) as line:
        line.sendall(GET % (b"/", b"Connection: close\r\n"))
        received = b""
        try:
            while data := line.recv(1000):
                received += data
            is_announced = True
        except ssl.SSLEOFError:
            is_announced = False
    head = received.partition(b"\r\n\r\n")[0]
    assert b"\r\nContent-Length: 5" in head and b"\r\nConnection: close" in head and received.endswith(b"small")
    assert is_announced is not ours.interpreter.is_micropython


def test_8_408_is_told_over_tls_too(make_ours):
    """A timeout within TLS had another code, and the connection was closed without a word (2.3)."""
    ours = make_ours()
    for data in ((GET % (b"/", b""))[:25], POST % (b"/read", b"Content-Length: 10\r\n") + b"half"):
        assert ours.ask(data).startswith(b"HTTP/1.1 408 ")


def test_9_a_callback_that_refuses_a_session_is_obeyed(make_ours):
    """What open_fn answered was looked at over HTTP, and ignored over HTTPS (1.2)."""
    ours = make_ours(refuses=True)
    with ours.open() as line:
        try:
            line.sendall(GET % (b"/", b""))
            assert line.recv(1000) == b""
        except ConnectionError:
            pass
    assert ours.is_good()


def test_10_silent_newcomers_replace_neither_who_is_served_nor_each_other_at_once(make_ours):
    """Those that had said nothing were the first to go, the newest before all; and with nobody to go it span (2.7)."""
    ours = make_ours({"max_open_sockets": 4, "max_sockets_per_address": 4, "keep_alive_timeout": 20,
                      "handshake_timeout": 20, "header_timeout": 20})
    busy = ours.open()
    busy.sendall((GET % (b"/", b""))[:15])
    quiet = [open_raw(ours.port) for _ in range(3)]  # the last place is theirs, in turn
    late = ours.open()
    late.sendall((GET % (b"/", b""))[:15])
    time.sleep(0.5)
    late.sendall((GET % (b"/", b""))[15:])
    assert take(late, b"small"), "the newest one was closed before it could ask"
    flood = [open_raw(ours.port) for _ in range(20)]
    time.sleep(0.3)
    before = processor_seconds(ours.program.pid)
    time.sleep(1)
    assert processor_seconds(ours.program.pid) - before < 0.5
    busy.sendall((GET % (b"/", b""))[15:])
    assert take(busy, b"small")
    for line in [busy, late, *quiet, *flood]:
        line.close()


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat") as file:
        return sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13])) / os.sysconf("SC_CLK_TCK")


def test_11_the_body_an_async_handler_did_not_read_is_not_the_next_request(make_ours):
    """It stayed in the stream and was parsed as a request (2.8)."""
    ours = make_ours()
    inner = GET % (b"/smuggled", b"")
    for size in (0, 60_000):
        body = inner + b"x" * size
        answer = ours.ask(POST % (b"/unread", b"Content-Length: %d\r\n" % len(body)) + body
                          + GET % (b"/", b"Connection: close\r\n"))
        assert answer.startswith(b"HTTP/1.1 200 ") and b"unread" in answer and b"smuggled" not in answer
        assert b"HTTP/1.1 400" not in answer


UPGRADE = GET % (b"/echo", b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                 b"Sec-WebSocket-Key: " + base64.b64encode(bytes(16)) + b"\r\n")
BAD_FRAMES = {
    "a reserved bit": (frame(1, b"x", reserved=4), 1002),
    "a reserved opcode": (frame(3, b"x"), 1002),
    "a reserved control opcode": (frame(0xB, b"x"), 1002),
    "a ping in fragments": (frame(9, b"x", final=False), 1002),
    "a ping too long": (frame(9, b"x" * 126), 1002),
    "a length in more bytes than it takes": (frame(1, b"x", form=8), 1002),
    "text that is not UTF-8": (frame(1, b"\xff\xfe"), 1007),
    "no mask": (frame(1, b"x", key=b""), 1002),
    "a fragment of nothing": (frame(0, b"x"), 1002),
}


def test_12_frames_against_rfc_6455_end_the_connection_with_the_reason(make_ours):
    """All of these were accepted, by the strict build as well (2.9)."""
    ours = make_ours()
    for kind, (data, code) in BAD_FRAMES.items():
        with ours.open() as line:
            line.sendall(UPGRADE + data)
            received = read_until_end(line)[0].partition(b"\r\n\r\n")[2]
        assert received[:1] == b"\x88" and int.from_bytes(received[2:4], "big") == code, (kind, received)


def test_13_certificate_and_key_are_read_once_and_looked_at_before_the_start(make_ours, tmp_path, certificates,
                                                                            programs, interpreter):
    """They were parsed for every connection, and bad ones failed the first handshake instead of the start (1.1)."""
    for name in ("good.crt", "good.key", "garbage.crt", "ca.crt"):
        shutil.copy(certificates / name, tmp_path)
    shutil.copy(certificates / "mismatch.key", tmp_path / "garbage.key")
    ours = make_ours(folder=str(tmp_path))
    (tmp_path / "good.crt").unlink()
    (tmp_path / "good.key").unlink()
    assert all(ours.is_good() for _ in range(3))
    with socket.create_server(("127.0.0.1", 0)) as taken:  # it is told of the certificate, and not of the port
        bad = play(programs, "server", interpreter, "hostile.defective", taken.getsockname()[1], tmp_path,
                   {"certificate": "garbage", "expects_error": True})
        assert bad.lines_until_end() == ["error bad_certificate_file"]


def test_14_a_certificate_chosen_by_name_has_the_versions_and_tickets_of_the_others(programs, certificates, port):
    """With a hook that chose the certificate, tickets, versions and cipher list were passed over (1.1).

    On MicroPython choosing one is refused by name: see test_tls_choices.
    """
    server = start_server(programs, find_or_fail("cpython"), "hostile.defective", port, certificates,
                          settings={**SETTINGS, "minimum_tls": "1.3", "session_tickets": True},
                          identities={"second.example": "other-name"})
    for name in ("localhost", "second.example"):
        context = trusting(certificates)
        context.check_hostname = False
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        with pytest.raises(ssl.SSLError):
            context.wrap_socket(open_raw(port), server_hostname=name).close()
        context.maximum_version = ssl.TLSVersion.TLSv1_3
        session = None
        for expected in (b'["TLSv1.3", false]', b'["TLSv1.3", true]'):
            with context.wrap_socket(open_raw(port), server_hostname=name, session=session) as line:
                line.sendall(GET % (b"/tls", b""))
                assert take(line, expected), name
                session = line.session
    stop_server(server)


def test_15_no_setting_wraps_at_64_kilobytes(make_ours, interpreter, programs, certificates):
    """A stack_size above 65 535 became a small one (1.2). There is no such setting here, and no number that wraps."""
    ours = make_ours({"max_header_length": 70_000}, heap="8m")
    for size, status in ((66_000, b"200"), (70_000, b"431")):
        with ours.open() as line:
            line.sendall(GET % (b"/", b"Connection: close\r\nX: " + b"x" * size + b"\r\n"))
            assert read_until_end(line)[0].startswith(b"HTTP/1.1 " + status)
    unknown = play(programs, "server", interpreter, "hostile.defective", 1, certificates,
                   {"settings": {"stack_size": 70_000}, "expects_error": True})
    assert unknown.lines_until_end() == ["error unknown_setting"]
