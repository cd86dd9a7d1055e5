"""The key of an authority that `microhttps` made is stolen: whoever believes the authority is still not to be fooled.

Its certificate says what it may vouch for (name constraints). OpenSSL holds it to that by itself; Mbed TLS does not,
and there our client does.
"""

import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from client.proxying import proxy
from harness.certificates import Made, make, write
from harness.interpreters import find_or_fail
from harness.playing import start_client
from microhttps_host.authority.machine import server_identity
from microhttps_host.authority.vault import Vault
from roots.two_faced import two_faced

HOSTS = {"bank.example.com": "name_not_permitted TrustError", "203.0.113.7": "name_not_permitted TrustError",
         "lamp.local": "here", "192.168.1.7": "here"}  # fmt: skip


@pytest.fixture(scope="module")
def stolen(tmp_path_factory):
    """The folder of certificates for all of these hosts, signed with the stolen key."""
    folder = tmp_path_factory.mktemp("stolen")
    vault = Vault(folder / "home")
    issued = server_identity(vault, ["localhost"])
    key = serialization.load_pem_private_key((folder / "home" / "ca.key").read_bytes(), None)
    authority = Made(x509.load_pem_x509_certificate(issued.authority.read_bytes()), key)
    write(folder, "authority", authority)
    for host in HOSTS:
        write(folder, host, make(host, (host,), authority))
    return folder


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("interpreter", ["cpython", "micropython", "micropython32"])
def test_a_stolen_key_is_good_for_private_names_alone(interpreter, host, stolen, programs, port):
    site = {"name": "site", "host": host, "port": port, "trust": "authority", "crl": False, "settings": {}}
    with two_faced(port, stolen, [host], ssl.TLSVersion.TLSv1_3) as server, proxy(leads_to="127.0.0.1") as between:
        site["proxy"] = f"http://127.0.0.1:{between.server_address[1]}"
        client = start_client(programs, find_or_fail(interpreter), "badssl.asking", port, stolen, sites=[site])
        assert client.lines_until_end() == [f"site {HOSTS[host]}"]
    assert [bool(visit.said) for visit in server.visits] == [HOSTS[host] == "here"]
