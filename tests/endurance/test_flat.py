"""100 000 keep-alive requests and 5 000 failed handshakes leave memory and descriptors flat, on both interpreters.

Compared is what is there behind a warm-up, in which allocators and caches take what they will keep.
"""

import re
import socket
import ssl
import subprocess

import pytest

from harness.interpreters import find_or_fail
from harness.playing import start_server, stop_server
from harness.programs import open_files, resident_kilobytes, until
from harness.wire import client_hello, open_raw, reset

REQUESTS = 100_000
FAILURES = 5_000
HELLO = client_hello()
# What a leak of one small object a request would exceed many times over: 100 000 of the smallest are 5 MB, 5 000
# connections forgotten are 50 MB. Allocators keep a page here and there, and what a conservative collector takes for
# a pointer keeps a few KB, now these and now those.
MOST_RESIDENT_KB = 1024
MOST_OBJECTS = {"cpython": 100, "micropython": 16 * 1024}  # objects there, bytes of the heap here


class Gauge:
    """Measures a server while nobody is connected."""

    def __init__(self, program, interpreter):
        self._program = program
        self._interpreter = interpreter

    def read(self):
        """(resident KB, objects or heap bytes, open descriptors)."""
        until(lambda: self.ask("sessions") == 0)
        return resident_kilobytes(self._program.pid), self.ask("memory"), open_files(self._program.pid)

    def ask(self, what):
        self._program.tell(what)
        return int(self._program.line_that(what).split()[1])

    def assert_flat(self, before, after):
        resident, objects, files = (now - then for now, then in zip(after, before))
        told = f"before {before}, after {after} (KB resident, objects or heap bytes, descriptors)"
        assert resident <= MOST_RESIDENT_KB, told
        assert objects <= MOST_OBJECTS[self._interpreter.name], told
        assert files <= 0, told


@pytest.fixture
def server(programs, interpreter, certificates, port):
    program = start_server(programs, interpreter, "harness.everyday", port, certificates, quiet=True,
                           settings={"max_open_sockets": 20, "max_sockets_per_address": 20, "handshake_timeout": 1,
                                     "backlog": 512})
    yield program
    stop_server(program)


@pytest.fixture
def gauge(server, interpreter):
    return Gauge(server, interpreter)


@pytest.fixture
def load(tool, port):
    """Makes at least so many keep-alive requests over 8 connections; returns how many there were."""

    def make(count):
        made = 0
        while made < count:
            done = subprocess.run([tool("wrk"), "-t1", "-c8", "-d2s", f"https://localhost:{port}/"],
                                  capture_output=True, text=True, timeout=60)
            assert "Non-2xx" not in done.stdout and "Socket errors" not in done.stdout, done.stdout
            found = re.search(r"(\d+) requests in", done.stdout)
            assert found, done.stdout + done.stderr
            made += int(found[1])
        return made

    return make


def fail_handshakes(count, port, certificates):
    """Handshakes that fail, of every kind in turn."""
    for number in range(count):
        kind = number % 5
        if kind == 4:
            refuse_the_certificate(port, certificates)
            continue
        raw = open_raw(port)
        if kind == 0:
            raw.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        elif kind == 1:
            raw.sendall(HELLO[:100])
        elif kind == 2:
            raw.sendall(HELLO[:60] + b"\x00" * 200)
        if kind == 3:
            raw.sendall(HELLO)
            raw.recv(100)
            reset(raw)
        else:
            raw.close()


def refuse_the_certificate(port, certificates):
    context = ssl.create_default_context(cafile=str(certificates / "stranger-ca.crt"))
    raw = open_raw(port)
    with pytest.raises((ssl.SSLCertVerificationError, ConnectionError)):
        context.wrap_socket(raw, server_hostname="localhost")
    raw.close()


ABORTED = (b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf",
           b"POST /count HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
           b"GET /stream/200 HTTP/1.1\r\nHost: localhost\r\n\r\n",
           b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n",
           b"GET /fails HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET / HTTP/1.1\r\nHo")


def abort(count, port, certificates):
    """Requests whose client goes, half of them without a word."""
    context = ssl.create_default_context(cafile=str(certificates / "ca.crt"))
    for number in range(count):
        tls = context.wrap_socket(socket.create_connection(("127.0.0.1", port), 10), server_hostname="localhost")
        tls.sendall(ABORTED[number % len(ABORTED)])
        if number % 2:
            reset(tls)
        else:
            tls.close()


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_hundred_thousand_requests_leave_memory_flat(gauge, load):
    load(REQUESTS // 5)
    before = gauge.read()
    assert load(REQUESTS) >= REQUESTS
    gauge.assert_flat(before, gauge.read())


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_five_thousand_failed_handshakes_leave_memory_flat(server, gauge, port, certificates):
    """microdot on MicroPython leaked a socket for each."""
    fail_handshakes(FAILURES // 5, port, certificates)
    before = gauge.read()
    fail_handshakes(FAILURES, port, certificates)
    gauge.assert_flat(before, gauge.read())


def test_what_fails_on_cpython_does_not_wait_for_the_collector(programs, certificates, port):
    """A circle of an error, its frame and its connection kept all that TLS had allocated, and the process grew."""
    server = start_server(programs, find_or_fail("cpython"), "harness.everyday", port, certificates, quiet=True,
                          settings={"max_sockets_per_address": 20, "handshake_timeout": 1})
    gauge = Gauge(server, None)

    def circles():
        until(lambda: gauge.ask("sessions") == 0)
        return gauge.ask("circles")

    fail_handshakes(10, port, certificates)
    abort(12, port, certificates)
    circles()  # what is loaded and made once has its own
    fail_handshakes(20, port, certificates)
    assert circles() == 0
    abort(24, port, certificates)
    assert circles() == 0
    stop_server(server)


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_thousands_of_aborted_requests_and_forgotten_answers_leave_memory_flat(server, gauge, port, certificates):
    """Attack T9, over fewer connections than it names: each of them is a whole handshake."""
    abort(1200, port, certificates)
    before = gauge.read()
    abort(2000, port, certificates)
    gauge.assert_flat(before, gauge.read())
