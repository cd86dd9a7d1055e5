"""Whatever a server sends, and however, ends in a verdict: in bounded time and memory, with nothing raised."""

import asyncio
import socket
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.wire import ALERT, DATA, HANDSHAKE, record
from microhttps_host.probing.asking import Asking
from microhttps_host.probing.conversation import converse
from microhttps_host.probing.flight import ALERT as BY_ALERT
from microhttps_host.probing.flight import (
    CLOSED,
    DEADLINE,
    MALFORMED,
    NOT_TLS,
    RESET,
    TOO_LARGE,
    UNOFFERED,
)
from microhttps_host.probing.hello import message
from microhttps_host.probing.incoming import MAX_FLIGHT
from microhttps_host.probing.numbers import TLS_1_2, TLS_1_3
from microhttps_host.probing.offer import Offer, everything
from microhttps_host.probing.reading import Reader
from microhttps_host.probing.suites import UNTIL_TLS_1_2

SUITE = 0xC02F
OFFER = everything((TLS_1_3, TLS_1_2))
ENDINGS = {"", BY_ALERT, CLOSED, DEADLINE, MALFORMED, NOT_TLS, RESET, TOO_LARGE, UNOFFERED}


def hello(version=TLS_1_2, suite=SUITE, extensions=b"", session_id=b"", compression=0):
    body = version.to_bytes(2, "big") + bytes(32) + bytes((len(session_id),)) + session_id
    body += suite.to_bytes(2, "big") + bytes((compression,))
    return message(2, body + (len(extensions).to_bytes(2, "big") + extensions if extensions else b""))


def certificate(*ders):
    chain = b"".join(len(der).to_bytes(3, "big") + der for der in ders)
    return message(11, len(chain).to_bytes(3, "big") + chain)


KEY_EXCHANGE = message(12, b"\x03\x00\x1d\x20" + bytes(32) + b"\x08\x04\x00\x02ab")
WHOLE = hello() + certificate(b"first", b"second") + KEY_EXCHANGE + message(14, b"")


def answered(*pieces, offer=OFFER, ends=True, seconds=5.0, only_hello=False):
    """The flight of a server that sends these pieces, each when the one before it has been taken."""

    async def play():
        ours, theirs = socket.socketpair()
        reader, writer = await asyncio.open_connection(sock=ours)
        _, server = await asyncio.open_connection(sock=theirs)
        conversing = asyncio.ensure_future(converse(reader, writer, offer, only_hello, seconds))
        try:
            for piece in pieces:
                server.write(piece)
                await server.drain()
                await asyncio.sleep(0)
            if ends:
                server.write_eof()
        except OSError:
            pass  # it has read enough
        flight = await conversing
        server.close()
        return flight

    return asyncio.run(play())


def test_a_whole_flight_of_tls_1_2_is_read():
    flight = answered(record(HANDSHAKE, WHOLE))
    assert flight.is_whole and not flight.ended
    assert flight.certificates == [b"first", b"second"]
    assert (flight.suite, flight.group_name, flight.scheme_name) == (SUITE, "x25519", "rsa_pss_rsae_sha256")


def test_a_flight_may_come_byte_by_byte_and_in_records_of_one_byte():
    stream = record(HANDSHAKE, WHOLE)
    assert answered(*(stream[at : at + 1] for at in range(len(stream)))).is_whole
    assert answered(b"".join(record(HANDSHAKE, WHOLE[at : at + 1]) for at in range(len(WHOLE)))).is_whole


@pytest.mark.parametrize("length", range(0, len(record(HANDSHAKE, WHOLE)) - 1, 7))
def test_a_flight_that_breaks_off_has_what_came_until_then(length):
    flight = answered(record(HANDSHAKE, WHOLE)[:length])
    assert flight.ended == CLOSED and not flight.is_whole
    assert flight.bytes_read == length


SHARE = b"\x00\x33\x00\x24\x00\x1d\x00\x20"  # of x25519
TO_1_3 = b"\x00\x2b\x00\x02\x03\x04"


@pytest.mark.parametrize(("stream", "expected"), [
    (b"HTTP/1.1 400 Bad Request\r\n\r\n", NOT_TLS),
    (b"no\n", NOT_TLS),
    (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", NOT_TLS),
    (b"", CLOSED),
    (record(ALERT, b"\x02\x28"), BY_ALERT),
    (record(ALERT, b"\x02"), MALFORMED),
    (record(ALERT, b"\x01\x00"), CLOSED),
    (record(ALERT, b"\x01\x70") + record(HANDSHAKE, WHOLE), ""),  # a warning is passed over
    (b"\x16\x03\x03\x48\x00" + bytes(0x4800), TOO_LARGE),
    (record(HANDSHAKE, b"\x57\x00\x00\x04abcd"), MALFORMED),
    (record(HANDSHAKE, b""), MALFORMED),
    (record(HANDSHAKE, hello()) + b"GET / HTTP/1.1\r\n", MALFORMED),
    (record(HANDSHAKE, b"\x02\xff\xff\xff"), TOO_LARGE),
    (record(HANDSHAKE, hello(version=0x0301)), UNOFFERED),
    (record(HANDSHAKE, hello(suite=0x0001 << 8)), UNOFFERED),
    (record(HANDSHAKE, hello(compression=1)), UNOFFERED),
    (record(HANDSHAKE, hello() + message(11, b"\x00\x00\x09abc")), MALFORMED),
    (record(HANDSHAKE, hello() + certificate(b"c") + message(12, b"\x01")), MALFORMED),
    (record(HANDSHAKE, hello()) + record(DATA, b"sealed"), MALFORMED),
    (record(HANDSHAKE, hello(extensions=TO_1_3 + TO_1_3, suite=0x1301)), MALFORMED),
    (record(HANDSHAKE, hello(extensions=TO_1_3, suite=0x1301)), MALFORMED),
    (record(HANDSHAKE, hello(extensions=TO_1_3 + SHARE + bytes(32))), MALFORMED),  # a suite of TLS 1.2 in 1.3
    (record(HANDSHAKE, hello(suite=0x1301)), MALFORMED),
])  # fmt: skip
def test_what_is_no_flight_has_its_name(stream, expected):
    flight = answered(stream)
    assert flight.ended == expected
    assert bool(flight.detail) == bool(expected)


def test_the_beginning_of_what_is_no_tls_is_kept():
    assert answered(b"HTTP/1.1 400 Bad Request\r\n" * 9).beginning.startswith(b"HTTP/1.1 400 Bad")


def test_a_share_that_is_no_key_or_was_not_asked_for_is_named():
    offer = Offer((TLS_1_3,), (0x1301,), (23,), (23,), (0x0403,))
    bad = TO_1_3 + b"\x00\x33\x00\x05\x00\x17\x00\x01\x04"
    assert answered(record(HANDSHAKE, hello(extensions=bad, suite=0x1301)), offer=offer).ended == MALFORMED
    other = TO_1_3 + SHARE + bytes(32)
    assert answered(record(HANDSHAKE, hello(extensions=other, suite=0x1301)), offer=offer).ended == UNOFFERED
    unasked = Offer((TLS_1_3,), (0x1301,), (29,), (), (0x0403,))
    assert answered(record(HANDSHAKE, hello(extensions=other, suite=0x1301)), offer=unasked).ended == MALFORMED


def test_a_server_that_says_nothing_is_left_at_the_deadline():
    flight = answered(ends=False, seconds=0.1)
    assert flight.ended == DEADLINE
    flight = answered(record(HANDSHAKE, hello()), ends=False, seconds=0.2)
    assert flight.ended == DEADLINE and flight.suite == SUITE


@pytest.mark.parametrize("piece", [
    record(HANDSHAKE, message(6, bytes(16000))),  # messages that nobody knows
    record(ALERT, b"\x01\x5a"),  # warnings
    record(0x14, b"\x01"),
    record(HANDSHAKE, hello()),
], ids=["unknown", "warnings", "change_cipher_spec", "hellos"])
def test_a_flight_that_never_ends_is_left(piece):
    count = 3 * MAX_FLIGHT // len(piece)
    tracemalloc.start()
    flight = answered(record(HANDSHAKE, hello()), *([piece * 50] * (count // 50 + 1)), seconds=20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert flight.ended in (TOO_LARGE, MALFORMED)
    assert peak < 8 * MAX_FLIGHT


BYTES = st.binary(max_size=300)
CHUNKS = st.lists(st.one_of(
    BYTES,
    st.builds(record, st.sampled_from([20, 21, 22, 23, 24]), BYTES),
    st.builds(lambda kind, body: record(HANDSHAKE, message(kind, body)), st.sampled_from([0, 2, 8, 11, 12, 13, 22]),
              BYTES),
    st.just(record(HANDSHAKE, hello())),
    st.just(record(HANDSHAKE, hello(extensions=TO_1_3 + SHARE + bytes(31) + b"\x09", suite=0x1301))),
    st.just(record(HANDSHAKE, WHOLE)),
), max_size=6)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(CHUNKS)
def test_any_bytes_give_a_verdict(chunks):
    flight = answered(*chunks)
    assert flight.ended in ENDINGS
    assert flight.is_whole or flight.ended


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_flight_with_changed_bytes_gives_a_verdict(data):
    stream = bytearray(record(HANDSHAKE, WHOLE))
    for at in data.draw(st.lists(st.integers(0, len(stream) - 1), min_size=1, max_size=4)):
        stream[at] = data.draw(st.integers(0, 255))
    flight = answered(bytes(stream))
    assert flight.ended in ENDINGS
    assert flight.is_whole or flight.ended


def test_a_server_that_takes_everything_and_its_time_is_not_asked_for_ever():
    """It chooses the first suite of those that are left, each time after a while."""

    async def play():
        async def answer(reader, writer):
            head = await reader.readexactly(5)
            ours = Reader((await reader.readexactly(int.from_bytes(head[3:], "big")))[4:])
            ours.take(34), ours.vector(1)
            await asyncio.sleep(0.2)
            writer.write(record(HANDSHAKE, hello(suite=ours.numbers(2)[0])))
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            asking = Asking(lambda: asyncio.open_connection("127.0.0.1", port), "localhost", seconds=1.0)
            return await asking.suites(TLS_1_2)

    accepted = asyncio.run(play())
    assert accepted.numbers and accepted.last.is_answered
    assert len(accepted.numbers) < len(UNTIL_TLS_1_2) / 4
