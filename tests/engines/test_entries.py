"""`engine=` where servers, clients, streams and sockets are made: that connection, and no other, goes by it."""

import asyncio
import socket
import ssl
import threading

import pytest

from harness.engine import ENGINES
from microhttps import Client, Identity, Server, Trust, Unsupported, connect, fetch, wrap_socket
from microhttps.engines.finding import find_engine

each_engine = pytest.mark.parametrize("engine", ENGINES)
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.fixture
def port(certificates):
    """Where a server of CPython's own engine says which version of TLS it speaks with each client."""
    started, done = threading.Event(), threading.Event()
    server = Server(Identity(str(certificates / "good.crt"), str(certificates / "good.key")), host="127.0.0.1", port=0)
    server.get("/")(lambda request: request.session.tls.version)

    async def serve():
        await server.start()
        started.set()
        while not done.is_set():
            await asyncio.sleep(0.02)
        await server.stop()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    started.wait(10)
    yield server.port
    done.set()
    thread.join(10)


def trust(certificates):
    return Trust.load(str(certificates / "ca.crt"))


async def by_client(port, certificates, engine):
    async with Client(trust(certificates), engine=engine) as client:
        return (await client.get(f"https://localhost:{port}/")).body


async def by_stream(port, certificates, engine):
    stream = await connect("localhost", port, trust(certificates), engine=engine)
    await stream.write(REQUEST)
    return await read_whole(stream)


async def by_start_tls(port, certificates, engine):
    stream = await connect("localhost", port, transport="insecure", engine=engine)
    await stream.start_tls(trust(certificates))
    await stream.write(REQUEST)
    return await read_whole(stream)


async def read_whole(stream):
    data = b""
    while piece := await stream.read():
        data += piece
    await stream.close()
    return data


def by_socket(port, certificates, engine):
    secure = wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="localhost",
                         trust=trust(certificates), engine=engine)
    secure.write(REQUEST)
    data = secure.read()
    secure.close()
    return data


WAYS = {
    "Client": lambda *facts: asyncio.run(by_client(*facts)),
    "fetch": lambda port, certificates, engine: fetch(f"https://localhost:{port}/", trust=trust(certificates),
                                                      engine=engine).body,
    "connect": lambda *facts: asyncio.run(by_stream(*facts)),
    "start_tls": lambda *facts: asyncio.run(by_start_tls(*facts)),
    "wrap_socket": by_socket,
}


@pytest.mark.parametrize("way", WAYS)
@each_engine
def test_whoever_names_an_engine_speaks_by_it_and_the_next_one_does_not(engine, way, port, certificates):
    """Neither of the engines that are tested here has TLS 1.3."""
    assert WAYS[way](port, certificates, engine).endswith(b"TLSv1.2")
    assert WAYS[way](port, certificates, None).endswith(b"TLSv1.3")


@each_engine
def test_two_servers_in_one_process_have_two_engines(engine, certificates):
    async def versions():
        who = Identity(str(certificates / "good.crt"), str(certificates / "good.key"))
        servers = [Server(who, host="127.0.0.1", port=0, engine=name) for name in (engine, "openssl")]
        found = []
        for server in servers:
            await server.start()
            async with Client(trust(certificates)) as client:
                found.append((await client.get(f"https://localhost:{server.port}/nothing")).session.tls.version)
        for server in servers:
            await server.stop()
        return found

    assert asyncio.run(versions()) == ["TLSv1.2", "TLSv1.3"]


@each_engine
def test_a_server_s_socket_is_wrapped_by_the_engine(engine, certificates):
    ours, theirs = socket.socketpair()
    context = ssl.create_default_context(cafile=str(certificates / "ca.crt"))
    found = []

    def client():
        with context.wrap_socket(theirs, server_hostname="localhost") as tls:
            found.append(tls.version())
            tls.sendall(b"hello")
            found.append(tls.recv(10))

    thread = threading.Thread(target=client)
    thread.start()
    secure = wrap_socket(ours, server_side=True, certfile=str(certificates / "good.crt"),
                         keyfile=str(certificates / "good.key"), engine=engine)
    assert secure.read(5) == b"hello"
    secure.write(b"good-bye")
    thread.join(10)
    secure.close()
    assert found == ["TLSv1.2", b"good-bye"]


@pytest.mark.parametrize("engine", [name for name in ENGINES if name == "mbedtls"])
def test_every_public_root_is_one_for_mbedtls(engine):
    find_engine(engine)
    from microhttps.engines.mbedtls.anchors import Anchors, certificate_of

    roots = [root for root in Trust.public().store() if root.is_usual()]
    assert len([certificate_of(root.anchor()) for root in roots]) > 100
    assert len(Anchors(Trust.public()).store) == 1


@pytest.mark.parametrize("place", ["file", "folder", "nowhere"])
@each_engine
def test_the_system_s_authorities_are_found_where_openssl_finds_them(engine, place, port, certificates, tmp_path,
                                                                     monkeypatch):
    authority = (certificates / "ca.crt").read_bytes()
    (tmp_path / "0a1b2c3d.0").write_bytes(authority)
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "ca.crt" if place == "file" else tmp_path / "missing"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path if place == "folder" else tmp_path / "empty"))

    def asked():
        return fetch(f"https://localhost:{port}/", trust=Trust.system(), engine=engine).body

    if place == "nowhere" or "system_trust" not in find_engine(engine).CAN:
        with pytest.raises(Unsupported) as caught:
            asked()
        assert caught.value.code == "no_system_roots"
    else:
        assert asked() == b"TLSv1.2"
