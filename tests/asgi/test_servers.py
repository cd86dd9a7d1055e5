"""Under real ASGI servers, what no scenario asks for: HTTP/2, who goes in the middle, how WebSockets end."""

import asyncio
import json
import subprocess

import pytest

from harness.asgi_servers import SERVERS, start_asgi_server
from harness.wire import open_tls, reset
from microhttps import Client, PeerError, Trust


@pytest.fixture(params=SERVERS)
def served(request, programs, certificates, port):
    """The application under each server in turn."""
    return start_asgi_server(programs, request.param, "asgi.application", port, certificates, may_complain=True)


def test_a_client_that_goes_while_an_answer_is_streamed_ends_its_source(served, certificates, port):
    raw = open_tls(port, certificates)
    raw.sendall(b"GET /ticks HTTP/1.1\r\nHost: localhost\r\n\r\n")
    text = b""
    while text.count(b"tick ") < 3:
        text += raw.recv(1000)
    reset(raw)
    assert served.line() == "closed"


@pytest.mark.parametrize("name", ["hypercorn", "granian"])
def test_http_2_is_served_bodies_of_unknown_length_too(name, programs, certificates, port, tool):
    start_asgi_server(programs, name, "asgi.application", port, certificates)
    curl = [tool("curl"), "--silent", "--show-error", "--fail", "--http2", "--cacert", str(certificates / "ca.crt"),
            "--max-time", "20", "--write-out", "\n%{http_version}"]

    def ask(path, *more, data=None):
        done = subprocess.run([*curl, *more, f"https://localhost:{port}{path}"], input=data, capture_output=True,
                              timeout=60)
        assert done.returncode == 0, done.stderr
        body, version = done.stdout.rsplit(b"\n", 1)
        assert version == b"2"
        return body

    assert json.loads(ask("/")) == {"tls": "h2", "host": f"localhost:{port}"}
    data = bytes(300_000)
    assert json.loads(ask("/count", "--data-binary", "@-", data=data)) == {"bytes": len(data)}
    assert json.loads(ask("/count", "--upload-file", "-", "-X", "POST", data=data)) == {"bytes": len(data)}
    assert json.loads(ask("/count", "-X", "POST")) == {"bytes": 0}


def test_websockets_end_as_the_application_says(served, certificates, port):
    async def main():
        ours = Client(trust=Trust.load(str(certificates / "ca.crt")))
        url = f"wss://localhost:{port}"
        endings = []
        for path in ("/close", "/fail"):
            socket = await ours.websocket(url + path)
            assert [message async for message in socket] == []
            endings.append((socket.close_code, socket.close_reason))
        socket = await ours.websocket(url + "/echo", subprotocols=("chat",))
        await socket.send("x" * 1000)
        assert (await socket.receive(), socket.subprotocol) == ("x" * 1000, "chat")
        await socket.send(b"x" * 1001)
        with pytest.raises(PeerError):
            await socket.receive()
        endings.append(socket.close_code)
        await ours.close()
        return endings

    assert asyncio.run(main()) == [(4001, "because"), (1011, ""), 1009]
    assert served.line() == "echo ended 1009"


def test_who_only_talks_hears_when_the_other_has_gone(served, certificates, port):
    async def main():
        ours = Client(trust=Trust.load(str(certificates / "ca.crt")))
        socket = await ours.websocket(f"wss://localhost:{port}/talk")
        for _ in range(3):
            assert await socket.receive() == "word"
        socket.abort()
        await ours.close()

    asyncio.run(main())
    assert served.line() == "nobody listens True"
