"""examples/check_my_tls.py and check_my_tls_by_hand.py: seed 002's program, and a stand-in for howsmyssl.com."""

import json
import socket
import ssl
import threading

import pytest

from examples.howsmyssl import HowsMySsl
from harness.nginx import start_nginx
from harness.programs import free_port

OURS = {"TRUST": {"trust": "ca.crt"}}


@pytest.fixture
def howsmyssl(here):
    with HowsMySsl(here / "device.crt", here / "device.key") as site:
        yield site


@pytest.fixture(params=[None, ssl.TLSVersion.TLSv1_2], ids=["newest", "TLSv1.2"])
def each_version(request, here):
    """The site, which speaks one version or the other, and the version."""
    with HowsMySsl(here / "device.crt", here / "device.key", request.param) as site:
        yield site, "TLS 1.2" if request.param else "TLS 1.3"


def test_the_stand_in_knows_what_curl_offers_and_what_it_is_worth(howsmyssl, curl):
    def seen(*options):
        return json.loads(curl("/a/check", "--tls-max", "1.2", *options, port=howsmyssl.port)[1])

    good = seen("--ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256")
    assert good["given_cipher_suites"] == ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                                           "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"]
    assert (good["rating"], good["tls_version"]) == ("Probably Okay", "TLS 1.2")
    assert not good["session_ticket_supported"]  # curl wants none
    bad = seen("--ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0")
    assert (bad["rating"], list(bad["insecure_cipher_suites"])) == ("Bad", ["TLS_ECDHE_ECDSA_WITH_NULL_SHA"])


def test_the_one_line_tells_what_the_site_sees(said, each_version):
    site, version = each_version
    line, = said("check_my_tls", URL=f"https://localhost:{site.port}/a/check", **OURS)
    version_seen, rating, offered = line.replace(":", ",").split(", ")
    assert (version_seen, rating) == (version, "Probably Okay")
    assert int(offered.split(" ")[0]) > 5
    assert site.requests[0].startswith("GET /a/check HTTP/1.1\r\n") and "User-Agent: microhttps" in site.requests[0]


def test_by_hand_the_whole_answer_is_printed(said, each_version):
    site, version = each_version
    lines = said("check_my_tls_by_hand", SERVER="localhost", PORT=site.port, **OURS)
    assert lines[0] == f"Connect to server via port {site.port}"
    assert lines[1].startswith("Connected to server! " + version.replace(" ", "v"))
    assert "HTTP/1.0 200 OK" in lines and lines[-1] == "Server disconnected"
    seen = json.loads(lines[-2])
    assert (seen["tls_version"], seen["rating"], seen["insecure_cipher_suites"]) == (version, "Probably Okay", {})
    assert "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" in seen["given_cipher_suites"]
    assert site.requests == ["GET /a/check HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n"]


def test_a_site_of_another_authority_is_not_asked(said, howsmyssl, certificates):
    stranger = {"trust": str(certificates / "stranger-ca.crt")}
    lines = said("check_my_tls", URL=f"https://localhost:{howsmyssl.port}/a/check", TRUST=stranger)
    assert lines[0] == "failed: untrusted_issuer" and len(lines) == 4
    lines = said("check_my_tls_by_hand", SERVER="localhost", PORT=howsmyssl.port, TRUST=stranger)
    assert lines[1].startswith("Connection failed! ") and len(lines) == 2
    assert howsmyssl.requests == []


def test_the_public_roots_do_not_vouch_for_a_site_of_ours(said, howsmyssl):
    """The example as it stands, of which nothing but the place is changed."""
    lines = said("check_my_tls", URL=f"https://localhost:{howsmyssl.port}/a/check")
    assert lines[0] == "failed: untrusted_issuer"


def test_by_hand_it_says_that_the_root_was_not_saved(said):
    """The command in the example that saves it was not run."""
    lines = said("check_my_tls_by_hand", SERVER="localhost", PORT=free_port())
    assert lines[1:] == ["Connection failed! there is no such file, or it cannot be read (file=howsmyssl.der)"]


def test_connection_refused_is_explained(said):
    """The last comment of the seed: "[HTTPS] GET... failed, error: connection refused"."""
    port = free_port()
    lines = said("check_my_tls", URL=f"https://localhost:{port}/a/check", **OURS)
    assert lines[0] == "failed: refused" and len(lines) == 4 and str(port) in lines[1]
    lines = said("check_my_tls_by_hand", SERVER="localhost", PORT=port, **OURS)
    assert lines[1].startswith("Connection failed! ")


@pytest.mark.parametrize("protocol", ["TLSv1.2", "TLSv1.3"])
def test_by_hand_it_reads_all_that_nginx_has(protocol, said, programs, here, port):
    (here / "pages").mkdir()
    (here / "pages" / "large").write_bytes(b"x" * 300_000)
    start_nginx(programs, here, port, (here / "device.crt", here / "device.key"), protocol)
    lines = said("check_my_tls_by_hand", SERVER="localhost", PORT=port, PATH="/large", MOST=400_000, **OURS)
    assert "HTTP/1.1 200 OK" in lines and lines[-2] == "x" * 300_000


def test_by_hand_it_does_not_wait_for_ever(said, here):
    """Unlike the sketch, `while (!client.available())`: this site is silent once it is asked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(here / "device.crt", here / "device.key")
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def be_silent():
            with context.wrap_socket(listener.accept()[0], server_side=True, suppress_ragged_eofs=True) as secure:
                while secure.recv(1000):
                    pass

        thread = threading.Thread(target=be_silent)
        thread.start()
        lines = said("check_my_tls_by_hand", SERVER="localhost", PORT=listener.getsockname()[1], PATIENCE=1, **OURS)
        thread.join()
    assert lines[2] == "." * 20 and lines[3].startswith("Connection lost! ")
