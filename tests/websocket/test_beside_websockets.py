"""Beside the library `websockets`: it talks to us, we talk to it, and on the same bytes both servers do the same.

Where they differ on purpose it is listed, with what the library does and why we do not.
"""

import asyncio
import sys
from pathlib import Path

import pytest
import websockets
from websockets.asyncio.client import connect

from harness.playing import start_client, start_server, stop_server
from harness.wire import trusting
from websocket.cases import CASES
from websocket.outcomes import find_outcomes, is_expected

# (category, name of the case, or its beginning): what `websockets` 17 does. Lengths: RFC 6455 section 5.2 says that the
# minimal number of bytes MUST be used and that the highest bit MUST be 0; the library takes what comes.
DELIBERATE = {
    (1, "0 with a length of"): "echoes it",
    (1, "5 with a length of"): "echoes it",
    (1, "125 with a length of"): "echoes it",
    (1, "65535 with a length of 64"): "echoes it",
    (1, "length with its highest bit"): "1009, for it is long",
    # Section 5.4: control frames may stand within a fragmented message, and a close frame is one.
    (5, "close within a message"): "1002",
    # Section 8.1 of what fails: we tell with the byte that makes it bad, the library when the message is whole.
    (6, "bad, and told before the message ends"): "waits for the rest",
    # Section 5.5.1: the answer to a close frame may wait for what is answered to the messages before it. Here they come
    # in one packet; by the library's own account it is chance whether they are answered.
    (7, "behind"): "closes, and its handler cannot send any more",
    # We bound the bytes of a message, and its fragments cost nothing but these.
    (9, "10000 fragments"): "1009, for they are many",
}


def is_deliberate(case):
    return any(case[0] == category and case[1].startswith(name) for category, name in DELIBERATE)


@pytest.fixture
def context(certificates):
    return trusting(certificates)


@pytest.fixture
def ours(programs, interpreter, certificates, port):
    """An echo server of ours on each interpreter; it must not complain."""
    program = start_server(programs, interpreter, "websocket.echoing", port, certificates, heap="8M")
    yield program
    stop_server(program)


@pytest.fixture
def theirs(programs, certificates, port):
    """An echo server of the library's."""
    program = programs.start([sys.executable, Path(__file__).with_name("echo_server.py"), port, certificates],
                             name="websockets", may_complain=True)
    program.line_that("ready")
    return program


def differences(outcomes):
    return [(case[:2], str(case[3])[:60], str(heard)[:200]) for case, heard in zip(CASES, outcomes)
            if not is_expected(heard, case[3])]


def test_every_case_has_its_outcome_over_tls(ours, port, context):
    assert not differences(asyncio.run(find_outcomes(port, context, CASES)))


def test_the_library_has_the_same_outcomes_but_for_those_listed(theirs, port, context):
    outcomes = asyncio.run(find_outcomes(port, context, CASES, patience=2))
    different = {(case[0], case[1]) for case, heard in zip(CASES, outcomes) if not is_expected(heard, case[3])}
    assert different == {case[:2] for case in CASES if is_deliberate(case)}


def test_the_library_s_client_talks_to_our_server(ours, port, context):
    async def talk():
        async with connect(f"wss://localhost:{port}/", ssl=context, subprotocols=["other", "chat"]) as socket:
            assert socket.subprotocol == "chat"
            assert "sec-websocket-extensions" not in socket.response.headers  # it offers compression, we want none
            for message in ("", "grüß dich", b"", bytes(range(256)), "x" * 65536):
                await socket.send(message)
                assert await socket.recv() == message
            await socket.send(["in ", "three ", "fragments"])
            assert await socket.recv() == "in three fragments"
            await (await socket.ping(b"are you there?"))
            await socket.close(4001, "bye")
            assert (socket.close_code, socket.close_reason) == (4001, "")

    asyncio.run(asyncio.wait_for(talk(), 30))


def test_the_library_hears_the_codes_we_close_with(ours, port, context):
    async def talk():
        async with connect(f"wss://localhost:{port}/", ssl=context) as socket:
            await socket.send(b"x" * 100001)
            with pytest.raises(websockets.ConnectionClosedError) as caught:
                await socket.recv()
            assert caught.value.rcvd.code == 1009
        with pytest.raises(websockets.InvalidStatus) as refused:
            await connect(f"wss://localhost:{port}/", ssl=context, origin="https://evil.example")
        assert refused.value.response.status_code == 403

    asyncio.run(asyncio.wait_for(talk(), 30))


def test_our_client_talks_to_the_library_s_server(theirs, programs, interpreter, certificates, port):
    client = start_client(programs, interpreter, "websocket.asking", port, certificates)
    assert client.lines_until_end() == ["subprotocol chat", "0 True", "11 True", "256 True", "66000 True",
                                        "ping answered", "closed 4001 bye", "agreed chat", "agreed other",
                                        "bad_header_value", "bad_header_value", "too large for them: True"]
    assert client.wait() == 0


def test_pings_are_answered_while_the_handler_does_something_else(programs, interpreter, certificates, port, context):
    server = start_server(programs, interpreter, "websocket.echoing", port, certificates)

    async def talk():
        async with connect(f"wss://localhost:{port}/sleepy", ssl=context) as socket:
            for _ in range(3):
                await asyncio.wait_for(await socket.ping(), 5)
            await socket.send("now")
            assert await socket.recv() == "awake"

    asyncio.run(asyncio.wait_for(talk(), 30))
    stop_server(server)

