"""examples/websocket_server.py, with the library `websockets` as its clients."""

import socket
import ssl

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

from examples.conftest import press_ctrl_c
from harness.wire import open_tls


@pytest.fixture
def visit(here, port):
    """A client of somebody else's."""
    context = ssl.create_default_context(cafile=str(here / "ca.crt"))
    return lambda **options: connect(f"wss://localhost:{port}/ws", ssl=context, **options)


def test_it_echoes_text_and_bytes_and_greets_all_who_are_there(serve_example, visit):
    server = serve_example("websocket_server", EVERY=0.5)
    with visit() as one, visit() as other:
        one.send("hello")
        other.send(b"\0\1\2")
        assert {one.recv(20), one.recv(20)} == {"hello", "Hello client"}
        assert {other.recv(20), other.recv(20)} == {b"\0\1\2", "Hello client"}
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
    with pytest.raises(ConnectionClosedError), visit(close_timeout=1) as client:
        client.send("hello")
        assert client.recv(20) == "hello"
        client.socket.shutdown(socket.SHUT_RDWR)
        client.recv(20)
    assert server.line_that("close:") == "close: 1006"
