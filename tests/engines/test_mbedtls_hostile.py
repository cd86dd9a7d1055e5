"""The engine mbedtls and peers of every kind: bytes changed on the way, floods of nothing, ends in the middle."""

import random
import socket
import ssl
import threading

import pytest

from harness.engine import ENGINES
from harness.interpreters import find_or_fail
from harness.playing import start_client, start_server, stop_server
from harness.wire import HANDSHAKE, open_raw, open_tls, record, trusting
from microhttps import Identity, MicrohttpsError, Trust
from microhttps.engines.finding import find_engine

pytestmark = pytest.mark.parametrize("engine", [name for name in ENGINES if name == "mbedtls"])
MUTATIONS = 200


@pytest.fixture
def server(engine, programs, certificates, port):
    """A server of pages, with short deadlines."""
    return start_server(programs, find_or_fail("cpython"), "faults.parts", port, certificates, engine=engine,
                        settings={"handshake_timeout": 6})


def is_served(programs, port, certificates):
    client = start_client(programs, find_or_fail("cpython"), "faults.parts", port, certificates)
    return client.lines_until_end() == ["no error ", "no error"]


def channels(engine, folder):
    """(a function that makes a server's channel of a socket, the same for a client's)."""
    engine = find_engine(engine)
    identity = Identity(str(folder / "chain.crt"), str(folder / "chain.key"))
    trust = Trust.load(str(folder / "ca.crt"))
    of_server = engine.server_context(identity, trust, None)
    of_client = engine.client_context(trust, Identity(str(folder / "client.crt"), str(folder / "client.key")), None)
    return (lambda raw: engine.Channel(of_server, raw),
            lambda raw: engine.ClientChannel(of_client, raw, "localhost", trust))


class Between:
    """Two sockets, and what goes between them: byte number `at` of it, from the server or to it, is changed.

    `has_changed_a_version`: that of a record, which proves nothing in TLS 1.2 (RFC 5246 appendix E.1) and which nobody
    looks at; where records begin differs from run to run, because signatures differ in length.
    """

    def __init__(self, at=None, from_server=True, value=0):
        self.ours, self.far = socket.socketpair()
        self.theirs, self.near = socket.socketpair()
        for raw in (self.ours, self.far, self.theirs, self.near):
            raw.setblocking(False)
        self._at, self._from_server, self._value = at, from_server, value
        self.counts = {True: 0, False: 0}
        self.has_changed_a_version = False
        self._sent = {True: bytearray(), False: bytearray()}

    def pass_on(self):
        """Whether something went."""
        moved = False
        for source, target, is_from_server in ((self.far, self.near, True), (self.near, self.far, False)):
            try:
                data = bytearray(source.recv(65536))
            except BlockingIOError:
                continue
            here = None if self._at is None else self._at - self.counts[is_from_server]
            self._sent[is_from_server] += data
            if here is not None and is_from_server == self._from_server and 0 <= here < len(data):
                data[here] ^= self._value or 1
                self.has_changed_a_version = self._at in versions_in(self._sent[is_from_server])
            self.counts[is_from_server] += len(data)
            try:
                target.sendall(data)
            except OSError:
                pass
            moved = moved or bool(data)
        return moved

    def close(self):
        for raw in (self.ours, self.far, self.theirs, self.near):
            raw.close()


def versions_in(stream):
    """Where the versions of the records in it stand."""
    found, at = [], 0
    while at < len(stream):
        found += [at + 1, at + 2]
        at += 5 + int.from_bytes(stream[at + 3:at + 5], "big")
    return found


def meet(make_server, make_client, between):
    """Shake hands and say hello: what the two have read; raises MicrohttpsError of the first that fails."""
    server, client = make_server(between.ours), make_client(between.theirs)
    try:
        sides = [server, client]
        for _ in range(40):
            for side in [side for side in sides if not side.is_established]:
                side.handshake()
            between.pass_on()
            if server.is_established and client.is_established:
                break
        if not (server.is_established and client.is_established):
            return None  # somebody waits for bytes that were promised
        client.send(b"hello")
        between.pass_on()
        return server.receive()
    finally:
        server.close()
        client.close()
        between.close()


def test_wherever_a_byte_of_a_handshake_is_changed_nobody_is_believed_and_nothing_else_is_raised(engine, certificates):
    make_server, make_client = channels(engine, certificates)
    untouched = Between()
    assert meet(make_server, make_client, untouched) == b"hello"
    chance = random.Random(11)
    refused = 0
    for number in range(MUTATIONS):
        from_server = number % 2 == 0
        at = chance.randrange(untouched.counts[from_server] - 5)
        between = Between(at, from_server, chance.randrange(1, 256))
        try:
            said = meet(make_server, make_client, between)
        except MicrohttpsError:
            refused += 1
        else:
            assert said is None or between.has_changed_a_version, (at, from_server)
    assert refused > MUTATIONS // 2


def test_who_sends_records_of_nothing_without_end_holds_nobody_up(engine, server, programs, certificates, port):
    with open_raw(port) as raw:
        raw.settimeout(30)
        is_over = threading.Event()

        def flood():
            nothing = (record(HANDSHAKE, b"") + record(0x15, b"\x01\x5a")) * 2000
            try:
                while not is_over.is_set():
                    raw.sendall(nothing)
            except OSError:
                pass

        flooding = threading.Thread(target=flood)
        flooding.start()
        assert is_served(programs, port, certificates)
        is_over.set()
    flooding.join(30)
    assert is_served(programs, port, certificates)
    stop_server(server)


def test_a_hello_byte_by_byte_is_a_hello(engine, server, certificates, port):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = trusting(certificates).wrap_bio(incoming, outgoing, server_hostname="localhost")
    with open_raw(port) as raw:
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        raw.settimeout(10)
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                for byte in outgoing.read():
                    raw.sendall(bytes((byte,)))
                incoming.write(raw.recv(65536))
        assert tls.version() == "TLSv1.2"
    stop_server(server)


def test_who_says_good_bye_at_once_behind_a_request_is_answered(engine, server, certificates, port):
    """The library forgets the connection with the peer's notice: what came before is answered before that is read."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = trusting(certificates).wrap_bio(incoming, outgoing, server_hostname="localhost")
    with open_raw(port) as raw:
        raw.settimeout(10)
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                raw.sendall(outgoing.read())
                incoming.write(raw.recv(65536))
        tls.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with pytest.raises(ssl.SSLWantReadError):
            tls.unwrap()
        raw.sendall(outgoing.read())
        incoming.write(raw.recv(65536))
        assert b"200 OK" in tls.read(65536)
    stop_server(server)


def test_a_reset_and_an_end_in_the_middle_leave_nothing(engine, server, programs, certificates, port):
    for size in (3, 40, 100):
        with open_raw(port) as raw:
            raw.sendall(record(HANDSHAKE, bytes(200))[:size])
    for _ in range(3):
        with open_tls(port, certificates) as tls:
            tls.sendall(b"GET / HTTP/1.1\r\nHo")
            tls.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert is_served(programs, port, certificates)
    server.tell("sessions")
    assert server.line_that("sessions") == "sessions 0"
    stop_server(server)
