"""More clients than places: browsers that open six connections and are silent on some, and who has to go or to wait."""

import asyncio
import gc
import os
import ssl
import threading
import time

import pytest

from harness.interpreters import find_or_fail
from harness.playing import start_server, stop_server
from harness.programs import until
from harness.wire import client_hello, open_raw, open_tls, read_until_end
from microhttps import Server

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
HELLO = client_hello()
# The deadlines that a server has by itself: what is shown here must not need shorter ones.
AS_DELIVERED = {"handshake_timeout": 10, "header_timeout": 10, "keep_alive_timeout": 15, "recv_timeout": 5,
                "send_timeout": 5, "stop_timeout": 5, "backlog": 8}


@pytest.fixture
def make_crowded(make_victim):
    """A server with so few places, and everything else as delivered."""

    def make(places, **settings):
        return make_victim(settings={**AS_DELIVERED, "max_open_sockets": places, "max_sockets_per_address": places,
                                     **settings})

    return make


def read_answer(line):
    received = b""
    while not received.endswith(b"small"):
        data = line.recv(4096)
        if not data:
            return False
        received += data
    assert received.startswith(b"HTTP/1.1 200")
    return True


class Tab:
    """One connection of a browser's six: asks, stays, asks again, over a new connection when this one was taken."""

    def __init__(self, victim, barrier):
        self.seconds = []
        self.failure = None
        self.line = None
        self._victim = victim
        self._barrier = barrier
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        try:
            self._barrier.wait()
            for _ in range(3):
                started = time.monotonic()
                self._ask()
                self.seconds.append(time.monotonic() - started)
        except Exception as error:
            self.failure = error

    def _ask(self):
        if self.line is not None:
            try:
                self.line.sendall(GET)
                if read_answer(self.line):
                    return
            except OSError:
                pass
            self.line.close()
        self.line = self._victim.open_tls(timeout=30)
        self.line.sendall(GET)
        assert read_answer(self.line), "a connection that had only just been made was closed"


def refuse_the_certificate(victim):
    """What a browser does at first: it ends the handshake with an alert, and shows its warning."""
    context = ssl.create_default_context(cafile=str(victim.certificates / "stranger-ca.crt"))
    with pytest.raises((ssl.SSLCertVerificationError, ConnectionError)):
        context.wrap_socket(open_raw(victim.port), server_hostname="localhost").close()


@pytest.mark.parametrize(("places", "patience"), [(4, 9), (1, 18)])
def test_chromes_six_connections_are_served_however_silent_some_of_them_are(places, patience, make_crowded):
    """Warned of the certificate, it has refused it twice; two connections never say a word, one stops behind TLS."""
    victim = make_crowded(places)
    for _ in range(2):
        refuse_the_certificate(victim)
    silent = [open_raw(victim.port), open_raw(victim.port)]
    if places > 1:
        silent.append(victim.open_tls())
    barrier = threading.Barrier(6)
    started = time.monotonic()
    tabs = [Tab(victim, barrier) for _ in range(6)]
    for tab in tabs:
        tab.thread.join(60)
    assert [tab.failure for tab in tabs] == [None] * 6
    assert [len(tab.seconds) for tab in tabs] == [3] * 6
    assert time.monotonic() - started < patience, [tab.seconds for tab in tabs]
    assert victim.refused() == 0
    for line in [*silent, *[tab.line for tab in tabs]]:
        line.close()


SILENT = {
    "never said a word": lambda victim: open_raw(victim.port),
    "stopped when the handshake was over": lambda victim: victim.open_tls(),
}


@pytest.mark.parametrize("kind", SILENT)
@pytest.mark.parametrize("places", [1, 3])
def test_who_is_silent_gives_way_to_a_newcomer_long_before_its_deadline(places, kind, make_crowded):
    victim = make_crowded(places)
    silent = [SILENT[kind](victim) for _ in range(places)]
    time.sleep(0.2)
    started = time.monotonic()
    with victim.open_tls() as newcomer:
        newcomer.sendall(GET)
        assert read_answer(newcomer)
    # MicroPython sees the end of a handshake only when it came apart from the beginning, and is patient otherwise.
    assert time.monotonic() - started < 9  # and the deadline is 10
    if kind == "never said a word":
        assert victim.event_that("session_error") == "session_error gave_way"
    for line in silent:
        line.close()


def test_a_flood_of_the_silent_gives_way_as_fast_as_others_come(make_crowded):
    """Not one a look, or a few hundred of them would keep a whole house out for minutes."""
    victim = make_crowded(30, backlog=100)
    silent = [open_raw(victim.port) for _ in range(30)]
    time.sleep(1.2)
    lines = []
    started = time.monotonic()
    for _ in range(25):
        lines.append(open_raw(victim.port))
        lines[-1].sendall(HELLO)
    for line in lines:
        line.settimeout(10)
        assert line.recv(1)
    assert time.monotonic() - started < 8
    for line in [*silent, *lines]:
        line.close()


def test_who_is_silent_stays_while_nobody_waits(make_crowded):
    victim = make_crowded(2)
    silent = [open_raw(victim.port), victim.open_tls()]
    time.sleep(2.5)
    assert victim.sessions() == 2
    silent[1].sendall(GET)
    assert read_answer(silent[1])
    for line in silent:
        line.close()


def test_a_half_handshake_and_a_half_head_keep_their_places_while_a_newcomer_waits(make_crowded):
    """They are in progress, and have deadlines of their own."""
    victim = make_crowded(2, handshake_timeout=4, header_timeout=4)
    half = open_raw(victim.port)
    half.sendall(HELLO[:100])
    line = victim.open_tls()
    line.sendall(GET[:20])
    until(lambda: victim.sessions() == 2)
    waiting = open_raw(victim.port)
    waiting.sendall(HELLO)
    waiting.settimeout(2)
    with pytest.raises(TimeoutError):
        waiting.recv(1)
    line.sendall(GET[20:])
    assert read_answer(line), "the head that had begun was not waited for"
    waiting.settimeout(5)
    assert waiting.recv(1), "the newcomer has had no chance when a place became free"
    for raw in (half, line, waiting):
        raw.close()


def test_a_connection_that_becomes_idle_gives_way_at_once_to_who_waits(make_crowded):
    """Twenty newcomers one after the other through the only place: no tick of a second is waited for."""
    victim = make_crowded(1)
    started = time.monotonic()
    lines = []
    for _ in range(20):
        lines.append(victim.open_tls())
        lines[-1].sendall(GET)
        assert read_answer(lines[-1])
    assert time.monotonic() - started < 12
    for line in lines:
        line.close()


def test_over_tls_a_newcomer_for_whom_there_is_no_place_is_closed_within_its_deadline(make_crowded):
    victim = make_crowded(2, admission_timeout=1)
    busy = [open_raw(victim.port) for _ in range(2)]
    for raw in busy:
        raw.sendall(HELLO[:100])
    until(lambda: victim.sessions() == 2)
    newcomers = [open_raw(victim.port) for _ in range(3)]
    started = time.monotonic()
    for raw in newcomers:
        raw.sendall(HELLO)
        assert read_until_end(raw)[0] == b""
    assert 0.5 < time.monotonic() - started < 9
    assert [victim.event_that("refused") for _ in newcomers] == ["refused no_place"] * 3
    assert victim.refused() == 3
    for raw in [*busy, *newcomers]:
        raw.close()
    victim.is_good()


def test_over_plain_http_a_newcomer_for_whom_there_is_no_place_is_told_503_and_when_to_come_again(make_crowded):
    """RFC 9110 sections 15.6.4 and 10.2.3."""
    victim = make_crowded(2, transport="insecure", admission_timeout=1)
    busy = [open_raw(victim.port) for _ in range(2)]
    for raw in busy:
        raw.sendall(GET[:10])
    until(lambda: victim.sessions() == 2)
    newcomer = open_raw(victim.port)
    newcomer.sendall(GET)
    answer, ending = read_until_end(newcomer)
    assert answer.startswith(b"HTTP/1.1 503 Service Unavailable\r\n") and ending == "end"
    assert b"\r\nRetry-After: 5\r\n" in answer and b"\r\nConnection: close\r\n" in answer
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Content-Length: %d" % len(body) in head
    assert victim.event_that("refused") == "refused no_place"
    for raw in [*busy, newcomer]:
        raw.close()


@pytest.mark.parametrize("transport", ["secure", "insecure"])
def test_who_exceeds_the_share_of_an_address_is_refused_counted_and_told(transport, make_crowded):
    victim = make_crowded(10, transport=transport, max_sockets_per_address=2)
    busy = [open_raw(victim.port) for _ in range(2)]
    for raw in busy:
        raw.sendall(GET[:10] if transport == "insecure" else HELLO[:100])
    until(lambda: victim.sessions() == 2)
    newcomer = open_raw(victim.port)
    answer = read_until_end(newcomer)[0]
    assert answer[:12] == (b"HTTP/1.1 503" if transport == "insecure" else b"")
    assert victim.event_that("refused") == "refused too_many_of_address"
    assert victim.refused() == 1
    for raw in [*busy, newcomer]:
        raw.close()
    until(lambda: victim.sessions() == 0)  # or the next one is refused, too


def test_places_that_become_free_now_and_then_keep_those_who_wait_from_being_refused(make_crowded):
    """Six clients with slow pages through one place, each waiting longer than `admission_timeout` in all."""
    victim = make_crowded(1, admission_timeout=1)
    failures = []

    def ask():
        try:
            assert victim.ask("/slow") == (200, b"slow")
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert victim.refused() == 0


def seconds_of_processor(pid):
    with open(f"/proc/{pid}/stat") as file:
        user, system = file.read().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def test_a_newcomer_who_waits_costs_no_processor_time(make_crowded):
    """ESP-IDF's loop spins at full speed when no connection may be closed."""
    victim = make_crowded(2, handshake_timeout=20)
    busy = [open_raw(victim.port) for _ in range(2)]
    for raw in busy:
        raw.sendall(HELLO[:100])
    until(lambda: victim.sessions() == 2)
    waiting = [open_raw(victim.port) for _ in range(3)]
    before = seconds_of_processor(victim.program.pid)
    time.sleep(2)
    assert seconds_of_processor(victim.program.pid) - before < 0.4
    for raw in [*busy, *waiting]:
        raw.close()


@pytest.mark.parametrize("name", ["micropython", "micropython32"])
def test_memory_is_looked_at_before_a_handshake_begins(name, programs, certificates, port):
    """There is plenty for everything that goes on, but less than was asked for with `min_free_memory`."""
    server = start_server(programs, find_or_fail(name), "faults.parts", port, certificates, heap="500k",
                          settings={"min_free_memory": 40000, "handshake_timeout": 5, "stop_timeout": 2})
    with open_tls(port, certificates) as line:
        line.sendall(b"GET /fill/25000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert line.recv(4096).endswith(b"filled")
        newcomer = open_raw(port)
        newcomer.sendall(HELLO)
        assert read_until_end(newcomer)[0] == b"", "a handshake has begun all the same"
        newcomer.close()
    assert server.line_that("refused") == "refused out_of_memory"
    server.line_that("dropped")
    with open_tls(port, certificates) as line:
        line.sendall(GET)
        assert line.recv(4096).endswith(b"page")
    server.tell("refused")
    assert server.line_that("refused so far") == "refused so far 1"
    stop_server(server)


@pytest.mark.micropython
@pytest.mark.parametrize("left", [24000, 8000, 4000, 2000])
def test_an_idle_connection_gives_its_memory_to_a_newcomer(left, programs, certificates, port):
    """What its session keeps is most of the heap; the newcomer finds room when it has gone.

    Where little is left, there is none even to load what looks for more.
    """
    server = start_server(programs, find_or_fail("micropython32"), "hostile.hoarding", port, certificates, heap="500k",
                          settings={"min_free_memory": 40000, "stop_timeout": 2})
    with open_tls(port, certificates) as hoarder:
        hoarder.sendall(b"GET /hoard/%d HTTP/1.1\r\nHost: localhost\r\n\r\n" % left)
        assert hoarder.recv(4096).endswith(b"hoarded")
        refused = served_at_last(port, certificates)
        assert read_until_end(hoarder)[0] == b""
    server.tell("refused")
    assert server.line_that("refused so far") == f"refused so far {refused}"
    stop_server(server)


def served_at_last(port, certificates):
    """How many newcomers were refused before one was served, two at most.

    MicroPython's collector takes a stale word on the stack for a pointer, and then what has gone stays a turn longer.
    """
    for refused in range(3):
        try:
            with open_tls(port, certificates) as newcomer:
                newcomer.sendall(GET)
                assert newcomer.recv(4096).endswith(b"page")
            return refused
        except OSError:
            if refused == 2:
                raise


def test_a_server_that_stops_while_somebody_waits_looks_at_its_socket_no_more(port):
    async def play():
        complaints = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context))
        server = Server(transport="insecure", host="127.0.0.1", port=port, max_open_sockets=1)
        await server.start()
        with open_raw(port), open_raw(port):
            await asyncio.sleep(0.07)  # within the second look after the one who waits
            await server.stop()
            await asyncio.sleep(0.2)
        gc.collect()  # what a task ended by is told when it goes
        assert complaints == []

    asyncio.run(play())
