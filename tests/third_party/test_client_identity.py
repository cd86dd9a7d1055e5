"""A client of ours shows its certificate to nginx and to openssl, on both interpreters."""

import pytest

from harness.playing import start_client
from third_party.wanting import start_nginx, start_openssl

FOREIGN = ("client-unknown", "client-expired", "client-self-signed", "client-forged")


@pytest.fixture
def show(programs, interpreter, certificates):
    """What a client says that shows these certificates to the server on a port."""

    def run(port, *identities):
        client = start_client(programs, interpreter, "third_party.showing", port, certificates, identities=identities)
        said = client.lines_until_end()
        assert client.wait() == 0, client.complaints
        return said

    return run


@pytest.mark.parametrize("protocols", ["TLSv1.2", "TLSv1.3"])
def test_nginx_knows_us_by_our_certificate(protocols, show, programs, certificates, tmp_path):
    """It answers 400 where there is none or a bad one: the handshake is done by then."""
    port = start_nginx(programs, certificates, tmp_path, ["good"], protocols)["good"]
    said = show(port, "client", "client-chain", "client-other", None, *FOREIGN)
    assert said[:3] == ["client 200 CN=alice", "client-chain 200 CN=alice", "client-other 200 CN=bob"]
    assert said[3] == "None 400"
    for line, name in zip(said[4:], FOREIGN, strict=True):
        assert line in (f"{name} 400", f"{name} reset"), "a forged signature may be none at all to OpenSSL"


@pytest.mark.parametrize("version", ["1_2", "1_3"])
def test_openssl_knows_us_by_our_certificate(version, show, programs, certificates):
    port = start_openssl(programs, certificates, version)
    said = show(port, "client", "client-chain", None, *FOREIGN)
    assert said[:2] == ["client 200 Subject: CN=alice", "client-chain 200 Subject: CN=alice"]
    for line, name in zip(said[2:], (None, *FOREIGN), strict=True):
        assert line in (f"{name} handshake_refused", f"{name} handshake_failed")
