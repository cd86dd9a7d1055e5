"""WebSockets whose peer does not behave: asleep, slow, flooding, gone. The slot comes free and memory stays flat."""

import http.client
import json
import os
import signal
import socket as sockets
import ssl
import sys
import time
from pathlib import Path

import pytest

from harness.interpreters import find_or_fail
from harness.playing import start_server, stop_server
from harness.programs import resident_kilobytes, until
from harness.wire import open_tls, read_until_end, trusting
from websocket.cases import BINARY, CLOSE, PING, PONG, TEXT, frame
from websocket.outcomes import REQUEST

QUICK = {"websocket_ping_interval": 0.3, "websocket_ping_timeout": 1, "websocket_close_timeout": 0.5,
         "send_timeout": 0.5, "max_open_sockets": 4, "max_sockets_per_address": 4}


@pytest.fixture
def start(programs, interpreter, certificates, port):
    """Starts the server on each interpreter, with these settings on top."""
    started = []

    def start_it(**settings):
        started.append(start_server(programs, interpreter, "websocket.lives", port, certificates, heap="1M",
                                    settings={**QUICK, **settings}))
        return started[0]

    yield start_it
    until(lambda: sessions(started[0]) == 0)  # those of the test close with it
    stop_server(started[0])


@pytest.fixture
def open_socket(port, certificates):
    """Opens a WebSocket by hand; a blocking TLS socket behind its handshake."""
    opened = []

    def open_it(path="/wait", receive_buffer=None):
        raw = sockets.socket()
        if receive_buffer:
            raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, receive_buffer)
        raw.settimeout(10)
        raw.connect(("127.0.0.1", port))
        tls = trusting(certificates).wrap_socket(raw, server_hostname="localhost")
        opened.append(tls)
        tls.sendall((REQUEST % port).replace(b"GET / ", b"GET %s " % path.encode()))
        head = b""
        while b"\r\n\r\n" not in head:
            head += tls.recv(1)
        assert head.startswith(b"HTTP/1.1 101 "), head
        return tls

    yield open_it
    for tls in opened:
        tls.close()


def read_frame(tls):
    head = read_exactly(tls, 2)
    return head[0] & 0x0F, read_exactly(tls, head[1])


def read_exactly(tls, count):
    data = b""
    while len(data) < count:
        more = tls.recv(count - len(data))
        assert more, "the server has closed"
        data += more
    return data


def sessions(server):
    server.tell("sessions")
    return int(server.line_that("sessions").split()[1])


def test_a_phone_that_fell_asleep_frees_its_slot(start, programs, port, certificates):
    """The client is stopped, so that its system keeps the connection and nobody answers."""
    server = start(websocket_ping_timeout=3)  # what a phone that is awake has to answer in, on a busy machine
    phone = programs.start([sys.executable, Path(__file__).with_name("phone.py"), port, certificates], name="a phone")
    phone.line_that("connected")
    time.sleep(1.5)
    assert sessions(server) == 1  # silent, but it answers pings
    os.kill(phone.pid, signal.SIGSTOP)
    try:
        assert server.line_that("connection_lost") == "connection_lost deadline websocket_ping_timeout"
        assert server.line_that("ended") == "ended 1006"
        until(lambda: sessions(server) == 0)
    finally:
        os.kill(phone.pid, signal.SIGCONT)


def test_who_answers_pings_or_says_anything_stays(start, open_socket):
    server = start(websocket_ping_interval=0.8, websocket_ping_timeout=5)
    tls = open_socket()
    for number in range(4):
        opcode, payload = read_frame(tls)
        assert opcode == PING
        tls.sendall(frame(PONG, payload) if number % 2 else frame(TEXT, b"anything"))
        if not number % 2:
            assert read_frame(tls) == (TEXT, b"anything")
    assert sessions(server) == 1
    tls.sendall(frame(CLOSE))
    assert read_until_end(tls) == (b"\x88\x00", "end")


def test_who_vanishes_without_a_word_frees_the_slot_at_once(start, open_socket):
    server = start(websocket_ping_interval=20)
    open_socket().close()
    assert server.line_that("ended") == "ended 1006"
    until(lambda: sessions(server) == 0)


def test_a_reader_that_does_not_read_costs_no_memory_and_loses_its_slot(start, open_socket):
    server = start(send_timeout=1.5)
    open_socket("/torrent", 4096)
    before = resident_kilobytes(server.pid)
    time.sleep(1)
    grown = resident_kilobytes(server.pid) - before
    assert server.line_that("connection_lost") == "connection_lost deadline send_timeout"
    assert server.line_that("torrent over") == "torrent over True"
    assert grown < 3000
    until(lambda: sessions(server) == 0)


def test_a_broadcast_waits_for_nobody_and_ends_the_slow(start, open_socket, port, certificates):
    server = start(websocket_max_outgoing=50000, websocket_ping_interval=20)
    slow = open_socket("/room", 4096)
    connection = http.client.HTTPSConnection("localhost", port, context=trusting(certificates), timeout=20)
    for _ in range(20):
        connection.request("GET", "/shout")
        told = json.loads(connection.getresponse().read())
        if not told["left"]:
            break
    assert told["left"] == 0
    connection.close()
    until(lambda: sessions(server) == 0)
    slow.close()


def test_pings_that_are_never_listened_for_fill_no_memory(start, open_socket):
    """Of many pings the last is answered, RFC 6455 section 5.5.3."""
    server = start(send_timeout=5)
    tls = open_socket(receive_buffer=4096)
    before = resident_kilobytes(server.pid)
    flood = frame(PING, b"p" * 125) * 2000
    tls.settimeout(1)
    try:
        for _ in range(40):  # 10 MB
            tls.sendall(flood)
    except (TimeoutError, ssl.SSLError, OSError):
        pass
    assert resident_kilobytes(server.pid) - before < 3000
    assert server.is_running()
    tls.close()
    until(lambda: sessions(server) == 0)


def test_messages_wait_in_a_short_queue_and_then_with_the_peer(start, open_socket):
    """Behind `websocket_max_queue` messages nothing more is read, and TCP makes the peer wait."""
    server = start(websocket_ping_interval=20)
    tls = open_socket("/hold")
    before = resident_kilobytes(server.pid)
    sent = 0
    tls.settimeout(0.4)
    try:
        while sent < 50_000_000:
            tls.sendall(frame(BINARY, b"z" * 50000))
            sent += 50000
    except (TimeoutError, ssl.SSLError):
        pass
    assert sent < 20_000_000
    assert resident_kilobytes(server.pid) - before < 4000
    tls.close()
    assert server.line_that("held").startswith("held ")


def test_a_close_behind_a_message_is_answered_though_nobody_listens(start, open_socket):
    """When half of websocket_close_timeout is over; the message is there for a handler that listens later."""
    server = start(websocket_ping_interval=20)
    tls = open_socket("/hold")
    tls.sendall(frame(TEXT, b"unheard") + frame(CLOSE, b"\x0b\xb8"))
    assert read_until_end(tls) == (b"\x88\x02\x0b\xb8", "end")
    assert server.line_that("held") == "held 7"


@pytest.mark.micropython
def test_a_message_that_a_board_has_no_memory_for_is_refused_and_nobody_else_suffers(programs, certificates, port,
                                                                                      open_socket):
    """The setting allows it; the heap does not."""
    server = start_server(programs, find_or_fail("micropython32"), "websocket.lives", port, certificates, heap="256k",
                          settings={**QUICK, "websocket_max_message_length": 1 << 20, "websocket_ping_interval": 20})
    other = open_socket()
    for _ in range(3):
        tls = open_socket()
        try:
            tls.sendall(frame(BINARY, b"m" * 600_000))
        except (ssl.SSLError, ConnectionError):
            pass  # it is refused in the midst of it
        assert server.line_that("connection_lost") == "connection_lost websocket_too_large "
        assert server.line_that("ended") == "ended 1009"
        other.sendall(frame(TEXT, b"as before"))
        assert read_frame(other) == (TEXT, b"as before")
    stop_server(server)


def test_half_a_message_and_then_nothing_is_asked_and_ended(start, open_socket):
    server = start()
    tls = open_socket()
    tls.sendall(frame(TEXT, b"the beginning of a mess", False)[:-3])
    assert read_frame(tls) == (PING, b"")
    assert server.line_that("connection_lost") == "connection_lost deadline websocket_ping_timeout"
    assert read_until_end(tls) == (b"", "end")


def test_a_websocket_is_never_the_victim_of_a_newcomer(start, open_socket, port, certificates):
    """`lru_purge` closes idle connections only, however long a WebSocket is silent."""
    server = start(max_open_sockets=2, max_sockets_per_address=2, websocket_ping_interval=20)
    tls = open_socket()
    idle = [open_tls(port, certificates)]
    for _ in range(5):
        idle[-1].sendall(b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle[-1].recv(1000).startswith(b"HTTP/1.1 404 ")
        idle.append(open_tls(port, certificates))  # takes the place of the one before
    tls.sendall(frame(TEXT, b"still here"))
    assert read_frame(tls) == (TEXT, b"still here")
    assert server.is_running()
    for each in idle:
        each.close()
