"""Examples ask examples: a client of one interpreter and a server of another, in the four pairings."""

import hashlib
from base64 import b64encode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from harness.programs import is_listening, until


@pytest.fixture
def together(pairing, run_on, here, port):
    """What a client says that asks a server."""

    def run(server, server_changes, client, client_changes):
        serving = run_on(pairing[0], server, **server_changes)
        until(lambda: is_listening(port) or not serving.is_running())
        asking = run_on(pairing[1], client, **client_changes)
        lines = asking.lines_until_end()
        assert asking.wait() == 0 and serving.is_running()
        return lines

    return run


@pytest.mark.parametrize("server", ["socket_temperature_server", "socket_polling_server"])
def test_sockets(server, together, port):
    ours = {"HOST": "localhost", "PORT": port, "TRUST": {"trust": "ca.crt"}}
    version, status, length = together(server, {"PORT": port}, "socket_client", ours)
    assert version.startswith("TLSv1.3 ") and status == "HTTP/1.0 200 OK" and length.endswith(" bytes")


def test_a_request_by_hand_to_a_socket_that_polls(together, port):
    ours = {"SERVER": "localhost", "PORT": port, "PATH": "/history", "TRUST": {"trust": "ca.crt"}}
    lines = together("socket_polling_server", {"PORT": port, "EVERY": 0.1}, "check_my_tls_by_hand", ours)
    assert "HTTP/1.0 200 OK" in lines and lines[-1] == "Server disconnected"


def test_a_pinned_key(together, here, port):
    key = x509.load_pem_x509_certificate((here / "device.crt").read_bytes()).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pin = "sha256//" + b64encode(hashlib.sha256(spki).digest()).decode()
    serving = {"server.port": port, "server.identity": {"identity": ["device.crt", "device.key"]}}
    lines = together("device", serving, "pinned_client", {"URL": f"https://localhost:{port}/led/red", "PINS": [pin]})
    assert lines == ['200 {"led": "red", "on": false}']


def test_a_publisher_with_a_certificate_and_a_server_that_wants_one(together, port):
    """Which has no such topic: it was let in, and is told that."""
    ours = {"ENDPOINT": f"https://localhost:{port}", "TRUST": {"trust": "ca.crt"}}
    with_alice = {**ours, "IDENTITY": {"identity": ["alice.crt", "alice.key"]}}
    assert together("network_server", {"server.port": port}, "cloud_publish", with_alice)[0].startswith("404 ")
