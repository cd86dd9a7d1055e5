"""Sites under public roots: believed or refused, for the same reason, by OpenSSL and by Mbed TLS."""

import json
import socket
import ssl
import subprocess

import pytest

from harness.interpreters import find_or_fail
from harness.playing import start_client, start_server, stop_server
from harness.programs import free_port
from microhttps import Trust
from roots.range import BAD, GOOD

CLIENTS = ("cpython", "micropython", "micropython32")


@pytest.fixture
def site(world, programs):
    """Starts a site of the world: its port."""

    def start(name, **options):
        port = free_port()
        servers.append(start_server(programs, find_or_fail("cpython"), "roots.asking", port, world, certificate=name,
                                    may_complain=True, **options))
        return port

    def failures():
        """How many handshakes failed at each of the sites, which stop."""
        said = [stop_server(server) for server in servers]
        servers.clear()
        return [len(lines) for lines in said]

    start.failures = failures
    servers = []
    yield start
    failures()


@pytest.fixture
def ask(world, programs, tmp_path):
    """What a client on that interpreter says of the site on a port."""

    def run(interpreter, port, **options):
        client = start_client(programs, find_or_fail(interpreter), "roots.asking", port, world,
                              environment={"MICROHTTPS_HOME": str(tmp_path)}, **options)
        said = client.lines_until_end()
        assert client.wait() == 0, client.fail("failed")
        return said

    return run


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("name", GOOD)
def test_a_site_under_a_public_root_is_believed_at_the_first_visit_and_at_the_next(name, client, site, ask):
    """On MicroPython the first visit looks for the root, which the server takes for a failed handshake; once."""
    assert ask(client, site(name, tells=True), times=2) == ["here"] * 2
    assert site.failures() == [0 if client == "cpython" else 1]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_root_with_an_edwards_curve_is_for_openssl_alone(client, site, ask):
    expected = "here" if client == "cpython" else "certificate_refused TrustError"
    assert ask(client, site("ed25519")) == [expected]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_disordered_chain_is_put_in_order(client, site, ask):
    """RFC 8446 section 4.4.2 asks clients to be prepared for it; more of that in badssl/test_order.py."""
    assert ask(client, site("disordered"), times=2) == ["here"] * 2


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("name", BAD)
def test_any_other_is_refused_with_its_reason(name, client, site, ask):
    assert ask(client, site(name)) == [BAD[name] + " TrustError"]


@pytest.mark.parametrize("name", [*GOOD, *BAD, "ed25519"])
def test_openssl_agrees_when_it_is_strict(name, site, world, tmp_path, monkeypatch):
    """As Python 3.13's default contexts are: the anchors made from the store must be certificates of today's rules.

    Two of the world's roots are such that the strict refuse what they sign, whoever keeps them.
    """
    monkeypatch.setenv("MICROHTTPS_HOME", str(tmp_path))
    context = Trust.public(str(world / "store.bin")).client_context()
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    with socket.create_connection(("127.0.0.1", site(name))) as raw:
        try:
            context.wrap_socket(raw, server_hostname="localhost").close()
            is_believed = True
        except ssl.SSLCertVerificationError as error:
            assert "trust anchor" not in error.verify_message
            is_believed = False
    assert is_believed == (name not in BAD)


@pytest.mark.micropython
def test_a_root_is_found_once_and_looked_for_again_when_the_host_has_another(world, site, ask):
    """Each first pass is a failed handshake at the server, which says so."""
    (world / "memory.json").unlink(missing_ok=True)
    first = site("renewed", tells=True)
    assert ask("micropython", first, memory="memory.json", times=3) == ["here"] * 3
    assert [host for host, _ in json.loads((world / "memory.json").read_text())] == ["localhost"]
    assert ask("micropython", first, memory="memory.json") == ["here"]
    second = site("rsa2048", tells=True)
    assert ask("micropython", second, memory="memory.json", times=2) == ["here"] * 2
    assert ask("micropython", site("renewed-later"), memory="memory.json") == ["untrusted_issuer TrustError"]
    assert site.failures() == [1, 2, 0]  # the second's: with the remembered root, and the search for another


@pytest.mark.micropython
def test_a_root_with_a_new_key_needs_a_new_store(world, site, ask):
    (world / "memory.json").unlink(missing_ok=True)
    later = site("renewed-later")
    assert ask("micropython", later, memory="memory.json", stores=["store.bin", "newer.bin"]) == [
        "untrusted_issuer TrustError", "here"]


@pytest.mark.micropython
@pytest.mark.parametrize("content", ["", "[", "{}", '[["localhost", ["zz"]]]', '[["localhost", 1]]', "[1]"])
def test_a_memory_that_is_none_is_made_anew(content, world, site, ask):
    (world / "memory.json").write_text(content)
    assert ask("micropython", site("p256"), memory="memory.json") == ["here"]
    assert len(json.loads((world / "memory.json").read_text())) == 1


@pytest.mark.micropython
def test_a_false_memory_leads_to_no_connection(world, site, ask):
    """Whoever can write the file can only name another of the trusted roots."""
    name = subprocess.run(["openssl", "x509", "-in", world / "stranger.crt", "-outform", "DER"], capture_output=True,
                          check=True).stdout.hex()
    (world / "memory.json").write_text(json.dumps([["localhost", [name]]]))
    assert ask("micropython", site("stranger"), memory="memory.json") == ["untrusted_issuer TrustError"]


@pytest.mark.parametrize("client", CLIENTS)
def test_an_authority_of_ones_own_is_believed_beside_the_public_roots(client, world, site, ask):
    """With a store that has not the root, and one that has: who is in neither is refused all the same."""
    strangers = (world / "stranger-root.crt").read_bytes().decode()
    assert ask(client, site("stranger"), also=strangers, times=2) == ["here"] * 2
    assert ask(client, site("rsa2048"), also=strangers, times=2) == ["here"] * 2
    assert ask(client, site("impostor"), also=strangers) == ["untrusted_issuer TrustError"]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_context_for_other_peoples_code_has_the_root_of_its_host(client, world, site, ask):
    """On a board the host is asked which root that is; a context without a host is refused there."""
    asked = ask(client, site("p256"), by_context=True)
    assert asked == (["here"] if client == "cpython" else ["roots_need_host Unsupported", "here"])
    assert ask(client, site("intermediate"), by_context=True)[-1] == "here"
    for name in ("elsewhere", "impostor", "expired"):
        assert ask(client, site(name), by_context=True)[-1].startswith("refused ")
    assert "untrusted_issuer" in ask(client, site("stranger"), by_context=True)[-1] or client == "cpython"
