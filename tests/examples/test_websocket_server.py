"""examples/websocket_server.py, with the library `websockets` as its clients."""

import asyncio
import ssl

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from examples.conftest import press_ctrl_c
from harness.wire import open_tls


@pytest.fixture
def visit(here, port):
    """A client of somebody else's; not its form with threads, two of which use one TLS connection at a time."""
    context = ssl.create_default_context(cafile=str(here / "ca.crt"))
    return lambda **options: connect(f"wss://localhost:{port}/ws", ssl=context, **options)


def heard(client):
    return asyncio.wait_for(client.recv(), 20)


def test_it_echoes_text_and_bytes_and_greets_all_who_are_there(serve_example, visit):
    server = serve_example("websocket_server", EVERY=0.5)

    async def talk():
        async with visit() as one, visit() as other:
            for client, said in ((one, "hello"), (other, b"\0\1\2")):
                await client.send(said)
                seen = set()
                while seen != {said, "Hello client"}:
                    seen.add(await heard(client))
                    assert seen <= {said, "Hello client"}

    asyncio.run(talk())
    assert [server.line_that("close:"), server.line_that("close:")] == ["close: 1000"] * 2
    assert press_ctrl_c(server) == []


def test_who_has_fallen_asleep_loses_the_place(serve_example, here, port):
    changes = {"server.settings.websocket_ping_interval": 0.3, "server.settings.websocket_ping_timeout": 0.3}
    server = serve_example("websocket_server", **changes)
    context = ssl.create_default_context(cafile=str(here / "ca.crt"))
    with open_tls(port, here, context) as sleeper:
        sleeper.sendall(b"GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        assert server.line_that("open:") == "open: 1"
        assert server.line_that("close:") == "close: 1006"


def test_a_client_that_goes_without_a_word_is_forgotten(serve_example, visit):
    server = serve_example("websocket_server")

    async def vanish():
        async with visit(close_timeout=1) as client:
            await client.send("hello")
            assert await heard(client) == "hello"
            client.transport.abort()
            await heard(client)

    with pytest.raises(ConnectionClosedError):
        asyncio.run(vanish())
    assert server.line_that("close:") == "close: 1006"
