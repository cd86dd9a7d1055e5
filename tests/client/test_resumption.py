"""A client that comes back resumes its TLS session, under TLS 1.2 and 1.3."""

import asyncio

import pytest

from harness.certificates import fingerprint
from harness.interpreters import find_or_fail
from harness.playing import start_client, start_server, stop_server
from microhttps import Client, Identity, Server, Trust, Unsupported


def identity(certificates, name="good"):
    return Identity(str(certificates / f"{name}.crt"), str(certificates / f"{name}.key"))


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("trust", ["own", "pinned"])
def test_the_second_connection_is_resumed(version, trust, certificates, port):
    believed = {"own": Trust.load(str(certificates / "ca.crt")),
                "pinned": Trust.pinned(fingerprint(certificates, "good"))}[trust]

    async def play():
        server = Server(identity=identity(certificates), host="127.0.0.1", port=port, maximum_tls=version,
                        minimum_tls=version)
        server.get("/")(lambda request: str(request.session.tls.resumed))
        await server.start()
        seen = []
        async with Client(trust=believed, max_idle_connections=0) as ours:
            for _ in range(3):
                answer = await ours.get(f"https://localhost:{port}/")
                seen.append((answer.text(), answer.session.tls.resumed, answer.session.tls.version))
        await server.stop()
        return seen

    name = "TLSv" + version
    assert asyncio.run(play()) == [("False", False, name), ("True", True, name), ("True", True, name)]


def test_a_server_that_forgot_is_asked_in_full_and_nobody_notices(certificates, port):
    async def play():
        seen = []
        async with Client(trust=Trust.load(str(certificates / "ca.crt")), max_idle_connections=0) as ours:
            for _ in range(2):
                server = Server(identity=identity(certificates), host="127.0.0.1", port=port)
                server.get("/")(lambda request: "here")
                await server.start()
                answer = await ours.get(f"https://localhost:{port}/")
                seen.append((answer.text(), answer.session.tls.resumed))
                await server.stop()
        return seen

    assert asyncio.run(play()) == [("here", False)] * 2


def test_resumption_can_be_declined(certificates, port, programs):
    server = start_server(programs, find_or_fail("cpython"), "harness.everyday", port, certificates)
    client = start_client(programs, find_or_fail("cpython"), "client.asking", port, certificates, times=2,
                          client_settings={"session_tickets": False, "max_idle_connections": 0})
    assert client.lines_until_end() == ["200 small False"] * 2
    stop_server(server)


@pytest.mark.micropython
def test_a_board_says_that_it_cannot(certificates, port, programs):
    client = start_client(programs, find_or_fail("micropython"), "client.asking", port, certificates,
                          client_settings={"session_tickets": True}, url="https://localhost:1/")
    assert client.lines_until_end() == ["unsupported None False"]
    assert Unsupported("unsupported").code == "unsupported"
