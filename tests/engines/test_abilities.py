"""What an engine says that it can, it does; what it says that it cannot is refused, with the reason."""

import asyncio
import contextlib
import os
import socket
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID

from badssl.making import permitted
from harness.certificates import HERE, Made, make, write
from harness.engine import ENGINES
from harness.wire import trusting
from microhttps import Client, Identity, MicrohttpsError, Server, Trust, Unsupported
from microhttps.engines.finding import find_engine
from microhttps.tls_limits import SERVER_TLS

each_engine = pytest.mark.parametrize("engine", ENGINES)
PASSWORD = "a password"


def identity(folder, name="good", **more):
    return Identity(str(folder / f"{name}.crt"), str(folder / f"{name}.key"), **more)


def sample(setting, folder):
    """Something to ask for that is no engine's default."""
    return {
        "client_certificate": "optional", "identities": {"second.example": identity(folder, "other-name")},
        "minimum_tls": "1.3", "maximum_tls": "1.2", "ciphers": None, "curves": "prime256v1", "alpn": ["http/1.1"],
        "session_tickets": True,
    }[setting]  # fmt: skip


@contextlib.asynccontextmanager
async def serving(engine, folder, who=None, **settings):
    """A server by this engine that tells of the connection."""
    server = Server(who or identity(folder), host="127.0.0.1", port=0, engine=engine, on_event=lambda *_: None,
                    **settings)

    @server.get("/")
    def page(request):
        tls = request.session.tls
        return {"version": tls.version, "alpn": tls.alpn, "resumed": tls.resumed, "names": tls.peer_names}

    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def ask(port, context, name="localhost"):
    """(the common name that is shown, the protocol agreed on, all that came) of a request by Python's own TLS."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=name)
    tls = writer.get_extra_info("ssl_object")
    try:
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        shown = dict(pair for part in tls.getpeercert()["subject"] for pair in part) if tls.getpeercert() else {}
        return shown.get("commonName"), tls.selected_alpn_protocol(), answer
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


@pytest.mark.parametrize("setting", sorted(set(SERVER_TLS) - {"ciphers"}))
@each_engine
def test_a_setting_that_an_engine_cannot_keep_is_refused_at_the_start(engine, setting, certificates):
    value = sample(setting, certificates)
    settings = {setting: value, **({"trust": Trust.load(str(certificates / "ca.crt"))} if "client" in setting else {})}

    async def start():
        async with serving(engine, certificates, **settings) as server:
            return server.port

    found = find_engine(engine)
    if setting in found.CAN:
        assert asyncio.run(start()) > 0
        return
    with pytest.raises(Unsupported) as caught:
        asyncio.run(start())
    assert caught.value.facts["setting"] == setting
    assert caught.value.facts["reason"] == found.REASONS[setting]


@each_engine
def test_a_certificate_is_chosen_by_name(engine, certificates):
    assert "identities" in find_engine(engine).CAN
    context = trusting(certificates)
    context.check_hostname = False

    async def shown():
        other = identity(certificates, "other-name")
        names = {"second.example": other, "*.wild.example": other}
        async with serving(engine, certificates, identities=names) as server:
            return [(await ask(server.port, context, name))[0] for name in
                    ("localhost", "second.example", "SECOND.example", "a.wild.example", "wild.example", "nobody.test")]

    assert asyncio.run(shown()) == ["localhost", "second", "second", "second", "localhost", "localhost"]


@each_engine
def test_a_protocol_is_agreed_on_and_who_wants_only_others_is_refused(engine, certificates):
    assert "alpn" in find_engine(engine).CAN

    async def agreed(*protocols):
        context = trusting(certificates)
        context.set_alpn_protocols(protocols)
        async with serving(engine, certificates, alpn=["http/1.1"]) as server:
            return (await ask(server.port, context))[1:]

    protocol, answer = asyncio.run(agreed("h2", "http/1.1"))
    assert protocol == "http/1.1" and b'"alpn": "http/1.1"' in answer
    with pytest.raises(ssl.SSLError, match="no application protocol"):
        asyncio.run(agreed("h2"))


@each_engine
def test_no_protocol_is_no_reason_to_refuse_where_none_was_chosen(engine, certificates):
    context = trusting(certificates)
    context.set_alpn_protocols(["h2"])

    async def asked():
        async with serving(engine, certificates) as server:
            return await ask(server.port, context)

    assert b"200 OK" in asyncio.run(asked())[2]


@each_engine
def test_versions_are_those_of_the_page(engine, certificates):
    """TLS 1.2, and 1.3 where `minimum_tls` can be kept."""
    async def asked(version):
        context = trusting(certificates)
        context.minimum_version = context.maximum_version = version
        async with serving(engine, certificates) as server:
            return await ask(server.port, context)

    assert b"TLSv1.2" in asyncio.run(asked(ssl.TLSVersion.TLSv1_2))[2]
    if "minimum_tls" not in find_engine(engine).CAN:
        with pytest.raises(ssl.SSLError):
            asyncio.run(asked(ssl.TLSVersion.TLSv1_3))


@each_engine
def test_a_stream_ends_with_a_notice(engine, certificates):
    """asyncio raises for one that is cut; ours notes it."""
    assert "close_notify" in find_engine(engine).CAN

    async def asked():
        async with serving(engine, certificates) as server:
            async with Client(Trust.load(str(certificates / "ca.crt"))) as client:
                answer = client.stream("GET", f"https://localhost:{server.port}/", headers=[("Connection", "close")])
                async with answer as reading:
                    [_ async for _ in reading]
                return (await ask(server.port, trusting(certificates)))[2]

    assert b"200 OK" in asyncio.run(asked())


@each_engine
def test_an_encrypted_key_is_read_or_refused(engine, certificates, tmp_path):
    key = serialization.load_pem_private_key((certificates / "good.key").read_bytes(), None)
    locked = tmp_path / "locked.key"
    locked.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
                                         serialization.BestAvailableEncryption(PASSWORD.encode())))
    locked.chmod(0o600)

    async def served(password):
        who = Identity(str(certificates / "good.crt"), str(locked), password=password)
        async with serving(engine, certificates, who) as server:
            return await ask(server.port, trusting(certificates))

    if "encrypted_key" not in find_engine(engine).CAN:
        with pytest.raises(Unsupported):
            asyncio.run(served(PASSWORD))
        return
    assert asyncio.run(served(PASSWORD))[0] == "localhost"
    with pytest.raises(MicrohttpsError) as caught:
        asyncio.run(served("another"))
    assert caught.value.code == "wrong_password"


@each_engine
def test_a_client_that_may_show_a_certificate_is_known_by_it_and_a_bad_one_is_refused(engine, certificates):
    async def asked(name):
        context = trusting(certificates)
        if name:
            context.load_cert_chain(certificates / f"{name}.crt", certificates / f"{name}.key")
        trust = Trust.load(str(certificates / "ca.crt"))
        async with serving(engine, certificates, trust=trust, client_certificate="optional") as server:
            return (await ask(server.port, context))[2]

    assert b'"names": []' in asyncio.run(asked(None))
    assert b"alice.example" in asyncio.run(asked("client"))
    for name in ("client-unknown", "client-expired", "client-self-signed", "client-forged", "good"):
        with pytest.raises((OSError, AssertionError)):
            assert b"200 OK" in asyncio.run(asked(name))


@each_engine
def test_a_certificate_that_nobody_asked_for_is_not_told(engine, certificates):
    """An engine may have to ask for one all the same; what nobody has judged, no handler sees."""
    context = trusting(certificates)
    context.load_cert_chain(certificates / "client-unknown.crt", certificates / "client-unknown.key")

    async def asked():
        async with serving(engine, certificates) as server:
            return (await ask(server.port, context))[2]

    assert b'"names": []' in asyncio.run(asked())


@each_engine
def test_sessions_are_resumed_or_tickets_are_refused(engine, certificates):
    async def asked(**settings):
        trust = Trust.load(str(certificates / "ca.crt"))
        async with serving(engine, certificates) as server:
            async with Client(trust, engine=engine, **settings) as client:
                url = f"https://localhost:{server.port}/"
                return [(await client.get(url, headers=[("Connection", "close")])).json()["resumed"] for _ in range(2)]

    if "session_tickets" in find_engine(engine).CAN:
        assert asyncio.run(asked(session_tickets=True)) == [False, True]
        return
    assert asyncio.run(asked()) == [False, False]
    with pytest.raises(Unsupported):
        asyncio.run(asked(session_tickets=True))


@pytest.mark.parametrize("engine", [name for name in ENGINES if name == "mbedtls"])
def test_a_fork_gets_no_connection_because_it_would_draw_the_random_numbers_of_its_parent(engine):
    found, trust = find_engine(engine), Trust.danger_anyone()
    context = found.client_context(trust, None, None)
    found.ClientChannel(context, socket.socket(), "localhost", trust).close()
    child = os.fork()
    if child == 0:
        try:
            found.ClientChannel(context, socket.socket(), "localhost", trust)
        except Unsupported:
            os._exit(0)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.fixture(scope="module")
def odd_clients(tmp_path_factory):
    """Clients below authorities of their own, which may not stand for them; and one that may."""
    folder = tmp_path_factory.mktemp("clients")
    root = make("a root", is_authority=True)
    write(folder, "ca", root)
    write(folder, "good", make("localhost", HERE, root))
    for_servers = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    limits = {"fine": [], "for-servers": [(for_servers, False)], "for-others": permitted("other.test")}
    for name, instead in limits.items():
        authority = make("an authority " + name, issuer=root, is_authority=True, instead=instead)
        client = make("alice", ("alice.example",), authority, usage=ExtendedKeyUsageOID.CLIENT_AUTH)
        write(folder, name, Made(client.certificate, client.key, [authority.certificate]))
    return folder


@pytest.mark.parametrize("asked", ["required", "optional"])
@pytest.mark.parametrize(("name", "code"), [("fine", None), ("for-servers", "wrong_usage"),
                                            ("for-others", "name_not_permitted")])
@pytest.mark.parametrize("engine", ["openssl", *ENGINES])
def test_an_authority_that_may_not_stand_for_a_client_does_not(engine, name, code, asked, odd_clients):
    context = trusting(odd_clients)
    context.load_cert_chain(odd_clients / f"{name}.crt", odd_clients / f"{name}.key")
    seen = []

    async def served():
        trust = Trust.load(str(odd_clients / "ca.crt"))
        async with serving(engine, odd_clients, trust=trust, client_certificate=asked) as server:
            server.on_event = lambda event, facts: seen.append(facts["error"].code) if "error" in event else None
            with contextlib.suppress(OSError):
                return (await ask(server.port, context))[2]

    answer = asyncio.run(served()) or b""
    assert (b"alice.example" in answer, seen) == (code is None, [code] if code else [])
