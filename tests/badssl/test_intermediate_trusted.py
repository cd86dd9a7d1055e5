"""A server that believes an intermediate, and not the root above it: clients of that intermediate, and others."""

import http.client
import ssl

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from harness.certificates import HERE, make, write
from harness.playing import start_server, stop_server


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("intermediate")
    root = make("a root", is_authority=True)
    intermediate = make("an intermediate", issuer=root, is_authority=True)
    write(folder, "ca", root)
    write(folder, "intermediate", intermediate)
    write(folder, "good", make("localhost", HERE, root))
    for name, issuer in (("below", intermediate), ("beside", root)):
        write(folder, name, make("alice", (), issuer, usage=ExtendedKeyUsageOID.CLIENT_AUTH))
    return folder


@pytest.mark.parametrize(("name", "is_served"), [("below", True), ("beside", False)])
def test_only_clients_of_the_intermediate_are_served(name, is_served, interpreter, folder, programs, port):
    server = start_server(programs, interpreter, "faults.parts", port, folder, server_trust="intermediate")
    context = ssl.create_default_context(cafile=str(folder / "ca.crt"))
    context.load_cert_chain(folder / f"{name}.crt", folder / f"{name}.key")
    connection = http.client.HTTPSConnection("localhost", port, context=context, timeout=10)
    try:
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"page" and is_served
    except OSError:
        assert not is_served
    finally:
        connection.close()
    said = stop_server(server)
    assert said == ([] if is_served else ["session_error untrusted_issuer"])
