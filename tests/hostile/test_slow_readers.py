"""Who reads slowly, or not at all, makes no server grow, keeps nobody waiting, and is ended in time (attack T2)."""

import http.client
import socket
import ssl
import time

import pytest

from harness.playing import start_server, stop_server
from harness.programs import resident_kilobytes, until
from harness.wire import trusting

# What ends because somebody is too slow for send_timeout; a broadcast that drops nothing closes earlier, by itself.
ENDLESS = ("/generator", "/iterator", "/events", "/events-of-a-generator", "/events-of-an-iterator",
           "/broadcast-that-drops")
SEND_TIMEOUT = 3
# In the seconds of a test a queue without bound takes hundreds of MB.
MOST_RESIDENT_KB = 3 * 1024
MOST_OBJECTS = {"cpython": 500, "micropython": 64 * 1024}  # objects there, bytes of the heap here


@pytest.fixture
def server(programs, interpreter, certificates, port):
    settings = {"max_open_sockets": 8, "max_sockets_per_address": 8, "send_timeout": SEND_TIMEOUT, "min_rate": 8000,
                "stop_timeout": 1}
    program = start_server(programs, interpreter, "harness.torrents", port, certificates, settings=settings)
    yield program
    stop_server(program)


def begin(port, certificates, path, receive_buffer=4096):
    """A TLS connection on which the answer of `path` has begun to come."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    raw.settimeout(10)
    raw.connect(("127.0.0.1", port))
    tls = trusting(certificates).wrap_socket(raw, server_hostname="localhost")
    tls.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert tls.recv(15) == b"HTTP/1.1 200 OK"
    return tls


def seconds_for_another(port, certificates):
    """How long somebody else waits for a small answer, handshake included."""
    begin = time.monotonic()
    connection = http.client.HTTPSConnection("localhost", port, timeout=10, context=trusting(certificates))
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"small"
    connection.close()
    return time.monotonic() - begin


def number_of(program, what):
    program.tell(what)
    return int(program.line_that(what).split()[1])


@pytest.mark.parametrize("path", ENDLESS)
def test_who_does_not_read_is_ended_and_the_server_has_not_grown(path, server, port, certificates, interpreter):
    seconds_for_another(port, certificates)
    with begin(port, certificates, "/large-pieces") as first:  # whatever is loaded or allocated once
        first.recv(100)
    with begin(port, certificates, path) as warm:
        warm.recv(1000)
    until(lambda: number_of(server, "sessions") == 0)
    objects, resident = number_of(server, "memory"), resident_kilobytes(server.pid)
    silent = begin(port, certificates, path)
    waits, kept = [], []
    deadline = time.monotonic() + SEND_TIMEOUT - 1
    while time.monotonic() < deadline:
        waits.append(seconds_for_another(port, certificates))
        kept.append(number_of(server, "memory"))
        time.sleep(0.2)
    # It is still there, and what is kept for it is bounded.
    until(lambda: number_of(server, "sessions") == 1)
    grown = number_of(server, "memory") - objects, resident_kilobytes(server.pid) - resident
    assert grown[0] <= MOST_OBJECTS[interpreter.name] and grown[1] <= MOST_RESIDENT_KB, grown
    assert max(kept[2:]) - min(kept[2:]) <= MOST_OBJECTS[interpreter.name] // 2, kept
    assert max(waits) < SEND_TIMEOUT - 0.5, waits
    until(lambda: number_of(server, "sessions") == 0, SEND_TIMEOUT + 8)
    assert "connection_lost deadline" in server.seen + server.lines_now()
    silent.close()


def test_who_reads_by_the_drop_is_ended_by_the_least_rate(server, port, certificates):
    """Each read comes within send_timeout; 4000 bytes a second are still fewer than min_rate allows."""
    dripping = begin(port, certificates, "/large-pieces")
    started = time.monotonic()
    with pytest.raises((ssl.SSLEOFError, ConnectionResetError, StopIteration)):
        while time.monotonic() - started < 60:
            # In the pace of a drip until the server gives up; what is in the system's buffers is read behind that.
            if number_of(server, "sessions") == 0:
                while dripping.recv(65536):
                    pass
                raise StopIteration
            dripping.recv(400)
            time.sleep(0.1)
    assert time.monotonic() - started < 50
    assert "connection_lost deadline" in server.seen + server.lines_now()
    dripping.close()


def test_a_broadcast_closes_who_is_too_slow_and_goes_on_for_the_others(server, port, certificates):
    good = begin(port, certificates, "/broadcast", receive_buffer=256 * 1024)
    silent = begin(port, certificates, "/broadcast")
    assert number_of(server, "sessions") == 2
    deadline = time.monotonic() + 20
    while number_of(server, "sessions") == 2 and time.monotonic() < deadline:
        good.recv(65536)
    assert number_of(server, "sessions") == 1, "the silent one is still there"
    before = time.monotonic()
    received = b""
    while len(received) < 200_000:
        data = good.recv(65536)
        assert data, "the good one was closed"
        received += data
    assert time.monotonic() - before < 10
    assert received.count(b"data: x") > 100
    good.close()
    silent.close()
    until(lambda: number_of(server, "sessions") == 0)


def test_who_goes_while_there_is_nothing_to_say_frees_his_place_at_once(server, port, certificates):
    """With the default comments, every 15 s, four reloads of a page would fill a board for half a minute."""
    for how in ("close", "reset"):
        line = begin(port, certificates, "/quiet")
        assert number_of(server, "sessions") == 1
        if how == "reset":
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        line.close()
        until(lambda: number_of(server, "sessions") == 0, 3)


def test_listeners_that_come_and_go_leave_nothing_behind(server, port, certificates, interpreter):
    """Half of them are cut off in the middle of an event, half leave while there is nothing to say."""

    def come_and_go(count):
        for number in range(count):
            line = begin(port, certificates, ("/quiet", "/broadcast", "/events", "/generator")[number % 4])
            if number % 2:
                line.recv(100)
            line.close()
        until(lambda: number_of(server, "sessions") == 0)
        return number_of(server, "memory")

    come_and_go(40)
    before = come_and_go(8)
    assert come_and_go(160) - before <= MOST_OBJECTS[interpreter.name] // 4
