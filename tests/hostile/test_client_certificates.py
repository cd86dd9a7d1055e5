"""Certificates that clients should not show: too many, too large, thrown together; attack T10 on a mutual server."""

import ssl

import pytest

from harness import certificates as made
from harness.certificates import Made
from harness.playing import start_server, stop_server
from harness.programs import open_files, until
from harness.wire import open_raw

NAMES = 900  # 25 KB, more than Mbed TLS takes in a record


@pytest.fixture(scope="session")
def monsters(tmp_path_factory):
    """A folder with an authority, a good client, and the monsters by name."""
    folder = tmp_path_factory.mktemp("monsters")
    authority = made.make("monsters", is_authority=True)
    stranger = made.make("a stranger", is_authority=True)
    made.write(folder, "ca", authority)
    made.write(folder, "good", made.make("localhost", made.HERE, authority))
    client = {"usage": made.ExtendedKeyUsageOID.CLIENT_AUTH}
    made.write(folder, "client", made.make("alice", ("alice.example",), authority, **client))
    many = [f"name-{number}.example" for number in range(NAMES)]
    made.write(folder, "many names", made.make("many", many, authority, **client))
    made.write(folder, "many names of a stranger", made.make("many", many, stranger, **client))
    made.write(folder, "a name of 16 KB", made.make("long", (".".join(["x" * 60] * 270),), stranger, **client))
    issuer, above = authority, []
    for number in range(30):
        issuer = made.make(f"step {number}", issuer=issuer, is_authority=True)
        above.insert(0, issuer.certificate)
    leaf = made.make("deep", ("deep.example",), issuer, **client)
    made.write(folder, "a chain of thirty", Made(leaf.certificate, leaf.key, above))
    one = made.make("alone", ("alone.example",), stranger, **client)
    made.write(folder, "a crowd of strangers", Made(one.certificate, one.key, [stranger.certificate] * 40))
    return folder


MONSTERS = ("many names", "many names of a stranger", "a name of 16 KB", "a chain of thirty", "a crowd of strangers")


@pytest.mark.parametrize("choice", ["required", "optional"])
def test_a_monstrous_certificate_harms_nobody(choice, monsters, programs, interpreter, port):
    """Each is taken or refused, as the library likes; the next client is served, and nothing is left of them."""
    server = start_server(programs, interpreter, "third_party.mutual", port, monsters, trust="ca",
                          settings={"client_certificate": choice, "max_sockets_per_address": 4})
    assert ask(port, monsters, "client", ssl.TLSVersion.TLSv1_3) == b"HTTP/1.1 200 OK"
    files = open_files(server.pid)
    for name in MONSTERS:
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            said = ask(port, monsters, name, version)
            assert said in (b"", b"HTTP/1.1 200 OK"), said
            if "strange" in name or "16 KB" in name:
                assert not said, f"{name} was let in"
        assert ask(port, monsters, "client", version) == b"HTTP/1.1 200 OK"
    until(lambda: open_files(server.pid) <= files)
    assert not [line for line in stop_server(server) if not line.startswith("error ")]


def ask(port, folder, name, version):
    """The first line of the answer, b"" when it is refused."""
    context = ssl.create_default_context(cafile=str(folder / "ca.crt"))
    context.minimum_version = context.maximum_version = version
    context.load_cert_chain(folder / f"{name}.crt", folder / f"{name}.key")
    raw = open_raw(port)
    try:
        with context.wrap_socket(raw, server_hostname="localhost") as tls:
            tls.sendall(b"GET /me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return tls.recv(4096).split(b"\r\n")[0]
    except OSError:
        return b""
    finally:
        raw.close()
