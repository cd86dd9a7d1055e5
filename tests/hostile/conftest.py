"""A server under attack, and the good client that must be served whatever else happens."""

import http.client
import json
import threading
import time

import pytest

from harness.playing import start_server, stop_server
from harness.programs import open_files, until
from harness.wire import open_tls, trusting

QUICK = {"handshake_timeout": 0.5, "header_timeout": 0.5, "recv_timeout": 0.5, "send_timeout": 0.5,
         "keep_alive_timeout": 0.6, "max_open_sockets": 40, "max_sockets_per_address": 40, "stop_timeout": 2,
         # An attacker in a hurry fills the queue and is then made to wait, a second each time, by the system.
         "backlog": 512}


class Victim:
    """A server of ours with short deadlines; afterwards it must stand there as before, and have leaked nothing."""

    def __init__(self, programs, interpreter, certificates, port, **options):
        self.interpreter = interpreter
        self.certificates = certificates
        self.port = port
        options["settings"] = {**QUICK, **options.get("settings", {})}
        self.program = start_server(programs, interpreter, "harness.everyday", port, certificates, **options)
        self.is_plain = options["settings"].get("transport") == "insecure"
        self.is_good()
        self._files = until(self.files_at_rest)

    def open_tls(self, **options):
        return open_tls(self.port, self.certificates, **options)

    def ask(self, path="/", method="GET", body=None, headers=()):
        """(status, body) by Python's own client on a connection of its own."""
        if self.is_plain:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        else:
            connection = http.client.HTTPSConnection("localhost", self.port, timeout=10,
                                                     context=trusting(self.certificates))
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def is_good(self):
        """A good client is served."""
        assert self.ask() == (200, b"small")

    def sessions(self):
        """How many connections the server holds."""
        self.program.tell("sessions")
        return int(self.program.line_that("sessions").split()[1])

    def refused(self):
        """How many newcomers the server has refused."""
        self.program.tell("refused")
        return int(self.program.line_that("refused so far").split()[3])

    def files_at_rest(self):
        """The open descriptors, once no connection is open."""
        return self.sessions() == 0 and open_files(self.program.pid)

    def events(self):
        """What the server said of failures since it was last asked."""
        self.program.tell("sessions")
        lines = []
        while not (line := self.program.line()).startswith("sessions"):
            lines.append(line)
        return lines

    def event_that(self, begins):
        """Wait for an event."""
        return self.program.line_that(begins)

    def is_unharmed(self):
        """Nothing of the attack is left: connections, descriptors; a good client is served; it stops gracefully."""
        self.is_good()
        assert until(self.files_at_rest) <= self._files
        assert self.program.is_running()

    def stop(self):
        return stop_server(self.program)


@pytest.fixture
def victim(programs, interpreter, certificates, port):
    """A server of ours on each interpreter in turn, unharmed afterwards."""
    victim = Victim(programs, interpreter, certificates, port)
    yield victim
    victim.is_unharmed()
    victim.stop()


@pytest.fixture
def make_victim(programs, interpreter, certificates, port):
    """Makes the victim with settings of the test's own; unharmed afterwards."""
    made = []

    def make(**options):
        made.append(Victim(programs, interpreter, certificates, port, **options))
        return made[-1]

    yield make
    for victim in made:
        victim.is_unharmed()
        victim.stop()


class GoodClient:
    """Asks again and again in the background; every answer must be good and come within `patience` seconds."""

    def __init__(self, victim, patience=3.0):
        self._victim = victim
        self._patience = patience
        self._must_stop = False
        self.failures = []
        self.answers = 0
        self.slowest = 0.0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        while not self._must_stop:
            started = time.monotonic()
            try:
                answer = self._victim.ask()
                if answer != (200, b"small"):
                    self.failures.append(json.dumps(repr(answer)))
            except OSError as error:
                self.failures.append(repr(error))
            self.answers += 1
            self.slowest = max(self.slowest, time.monotonic() - started)
            time.sleep(0.02)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, kind, error, trace):
        self._must_stop = True
        self._thread.join(15)
        if kind is None:
            assert self.answers and not self.failures, self.failures[:3]
            assert self.slowest < self._patience, f"a good client waited {self.slowest:.1f} s"


@pytest.fixture
def good_client():
    """A good client beside the attack: `with good_client(victim): ...`"""
    return GoodClient
