"""What BearSSL cannot is refused by name, before anything listens or connects."""

import asyncio

import pytest

from microhttps import Client, Identity, MicrohttpsError, Server, Trust, Unsupported
from microhttps.server.choices import HARMLESS
from microhttps.tls_limits import SERVER_TLS

SERVERS = {
    "TLS 1.3 at least": ({"minimum_tls": "1.3"}, "minimum_tls"),
    "a curve": ({"curves": "X25519"}, "curves"),
}


def identity(certificates, **more):
    return Identity(str(certificates / "good.crt"), str(certificates / "good.key"), **more)


def start(server):
    async def play():
        await server.start()
        await server.stop()

    asyncio.run(play())


@pytest.mark.parametrize("wish", SERVERS)
def test_a_server_says_what_it_cannot(wish, certificates, port):
    settings, name = SERVERS[wish]
    with pytest.raises(Unsupported) as caught:
        start(Server(identity=identity(certificates), host="127.0.0.1", port=port, engine="bearssl", **settings))
    assert caught.value.facts["setting"] == name and "BearSSL" in caught.value.facts["reason"]


def test_whatever_may_be_chosen_can_be_had_or_has_a_reason():
    engine = Server(engine="bearssl").settings.engine
    assert {*SERVER_TLS} == {name for name in SERVER_TLS if name in engine.CAN or name in engine.REASONS}
    assert not engine.CAN & {*engine.REASONS} and {*engine.REASONS} <= {*HARMLESS}


def test_what_it_does_anyway_may_be_named(certificates, port):
    start(Server(identity=identity(certificates), host="127.0.0.1", port=port, engine="bearssl", minimum_tls="1.2",
                 maximum_tls="1.2", curves=None, session_tickets=False, alpn=()))


def test_an_encrypted_key_is_not_read(certificates, port):
    with pytest.raises(Unsupported) as caught:
        start(Server(identity=identity(certificates, password="x"), host="127.0.0.1", port=port, engine="bearssl"))
    assert caught.value.facts["setting"] == "password"


def test_ciphers_that_nobody_knows_are_refused(certificates, port):
    for ciphers in ("ECDHE+AESGCM", "nothing", ["ECDHE-RSA-AES128-GCM-SHA256", "AES128-SHA"], 7):
        with pytest.raises(MicrohttpsError) as caught:
            start(Server(identity=identity(certificates), host="127.0.0.1", port=port, engine="bearssl",
                         ciphers=ciphers))
        assert caught.value.code == "bad_ciphers"


@pytest.mark.parametrize(("make", "code"), [(lambda folder: Trust.system(), "no_system_roots"),
                                            (lambda folder: Trust.load(str(folder / "ca.crt"), crl=b""), "no_crl")])
def test_a_client_says_what_it_cannot(make, code, certificates):
    async def play():
        async with Client(trust=make(certificates), engine="bearssl") as ours:
            await ours.get("https://localhost:1/")

    with pytest.raises(Unsupported) as caught:
        asyncio.run(play())
    assert caught.value.code == code


@pytest.mark.parametrize("host", ["x" * 300 + ".example", "bücher\0.example"])
def test_a_name_that_no_hello_can_carry_is_refused(host, certificates):
    from microhttps.engines.bearssl import engine as bearssl

    with pytest.raises(MicrohttpsError) as caught:
        bearssl._server_name(host)
    assert caught.value.code == "bad_host_name"
