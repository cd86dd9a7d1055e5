"""A client that goes while a handler works for it: that is cancelled, the place free; who only ends its data stays.

ESP-IDF and a server of asyncio streams notice at the first write, when the handler has slept its fill: four such
clients then hold the four places of a board.
"""

import socket

import pytest

from harness.playing import start_server, stop_server
from harness.programs import until
from harness.wire import open_raw, open_tls, read_until_end, reset

LONG = 60_000  # milliseconds: nobody would wait for it
QUICK = {"keep_alive_timeout": 0.4, "stop_timeout": 2}  # so that the server looks often


def request(path, body=b"", version=b"1.1"):
    head = b"POST" if body else b"GET"
    length = b"Content-Length: %d\r\n" % len(body) if body else b""
    return head + b" " + path + b" HTTP/" + version + b"\r\nHost: localhost\r\n" + length + b"\r\n" + body


@pytest.fixture(params=["insecure", "secure"])
def sleepy(request, interpreter, programs, certificates, port):
    """(the server, how to connect to it)."""
    server = start_server(programs, interpreter, "hostile.sleeping", port, certificates,
                          settings={**QUICK, "transport": request.param, "max_open_sockets": 4,
                                    "max_sockets_per_address": 4})
    yield server, lambda: open_raw(port) if request.param == "insecure" else open_tls(port, certificates)
    stop_server(server)


def sessions(server):
    server.tell("sessions")
    return server.line_that("sessions")


@pytest.mark.parametrize("body", [b"", b"a body"])
@pytest.mark.parametrize("how", ["closed", "reset"])
def test_the_handler_of_a_client_that_has_gone_is_cancelled(how, body, sleepy):
    server, connect = sleepy
    gone = [connect() for _ in range(4)]
    for line in gone:
        line.sendall(request(b"/sleep/%d" % LONG, body))
    for _ in gone:
        server.line_that("began")
    for line in gone:
        if how == "closed":
            line.close()
        else:
            reset(line)
    for _ in gone:
        server.line_that("cancelled")
    until(lambda: sessions(server) == "sessions 0")
    with connect() as line:
        line.sendall(request(b"/"))
        assert line.recv(4096).endswith(b"page")


def test_what_comes_meanwhile_is_answered_in_its_turn(sleepy):
    server, connect = sleepy
    with connect() as line:
        line.sendall(request(b"/sleep/1500", b"first") + request(b"/sleep/700"))
        server.line_that("began")
        line.sendall(request(b"/sleep/10", b"third"))
        server.line_that("began")
        line.sendall(request(b"/", version=b"1.0"))
        answer, _ = read_until_end(line)
    bodies = [part.split(b"\r\n\r\n", 1)[1] for part in answer.split(b"HTTP/1.1 200 OK")[1:]]
    assert bodies == [b"slept first", b"slept ", b"slept third", b"page"]


@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
def test_who_sends_no_more_still_gets_its_answer(version, interpreter, programs, certificates, port):
    """As `nc` does at the end of its input. What comes before the answer is an interim one, which 1.0 did not know."""
    server = start_server(programs, interpreter, "hostile.sleeping", port, certificates,
                          settings={**QUICK, "transport": "insecure"})
    with open_raw(port) as line:
        line.sendall(request(b"/sleep/1500", version=version))
        line.shutdown(socket.SHUT_WR)
        answer, ending = read_until_end(line)
    interim, _, final = answer.rpartition(b"HTTP/1.1 200 OK")
    assert interim == (b"HTTP/1.1 102 Processing\r\n\r\n" if version == b"1.1" else b"")
    assert final.endswith(b"\r\n\r\nslept ") and ending == "end"
    assert "cancelled" not in stop_server(server)
