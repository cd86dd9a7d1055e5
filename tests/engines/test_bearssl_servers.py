"""A server of ours on BearSSL, and curl, openssl, Python's ssl and the worst of clients."""

import json
import socket
import ssl
import subprocess
import threading

import pytest

from harness.interpreters import find
from harness.playing import start_server, stop_server
from harness.wire import (
    HANDSHAKE,
    client_hello,
    open_raw,
    open_tls,
    plain_alerts,
    read_until_end,
    record,
    reset,
    trusting,
)

BIG = 300_000


@pytest.fixture
def serve(programs, certificates, port):
    """Starts a server of everyday pages on BearSSL, or another one."""

    def start(module="harness.everyday", **options):
        return start_server(programs, find("cpython"), module, port, certificates, engine="bearssl", **options)

    return start


@pytest.fixture
def curl(tool, certificates, port):
    """(exit status, what was read) of curl."""

    def ask(path, *options):
        done = subprocess.run([tool("curl"), "-s", "--cacert", certificates / "ca.crt", *options,
                               f"https://localhost:{port}{path}"], capture_output=True, timeout=60)
        return done.returncode, done.stdout

    return ask


@pytest.fixture
def openssl(tool, certificates, port):
    """What `openssl s_client` says of the connection and of a page, asked for with TLS 1.2."""

    def ask(path, *options):
        command = [tool("openssl"), "s_client", "-connect", f"localhost:{port}", "-CAfile", certificates / "ca.crt",
                   "-verify_return_error", "-ign_eof", *([] if "-tls1_1" in options else ["-tls1_2"]), *options]
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        done = subprocess.run(command, input=request, capture_output=True, timeout=60)
        return (done.stdout + done.stderr).decode("latin-1")

    return ask


@pytest.mark.parametrize("certificate", ["good", "rsa", "chain"])
def test_curl_is_served_and_bodies_go_both_ways_whole(certificate, serve, curl, tmp_path):
    server = serve(certificate=certificate)
    assert curl("/") == (0, b"small")
    assert curl(f"/large/{BIG}") == (0, b"x" * BIG)
    (tmp_path / "body").write_bytes(bytes(range(250)) * (BIG // 250))
    status, echoed = curl("/echo", "--data-binary", f"@{tmp_path}/body")
    assert (status, echoed) == (0, (tmp_path / "body").read_bytes())
    facts = json.loads(curl("/tls")[1])
    assert (facts["version"], facts["alpn"], facts["resumed"]) == ("TLSv1.2", "http/1.1", False)
    assert facts["cipher"].startswith("ECDHE-RSA-" if certificate == "rsa" else "ECDHE-ECDSA-")
    assert stop_server(server) == []


def test_a_client_that_reads_slowly_holds_nobody_up_and_gets_everything(serve, certificates, port, curl):
    server = serve()
    with open_tls(port, certificates) as slow:
        slow.sendall(b"GET /large/5000000 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert curl("/") == (0, b"small")
        total = 0
        while data := slow.recv(65536):
            total += len(data)
    assert total > 5_000_000
    assert stop_server(server) == []


@pytest.mark.parametrize("curve", ["X25519", "prime256v1", "secp384r1", "secp521r1"])
def test_openssl_may_choose_suite_and_curve(curve, serve, openssl):
    serve(certificate="rsa")
    for cipher in ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305"):
        said = openssl("/tls", "-cipher", "ECDHE-RSA-" + cipher, "-curves", curve)
        assert f'"cipher": "ECDHE-RSA-{cipher}"' in said
        assert f"Server Temp Key: {curve}," in said.replace("ECDH, ", "")


@pytest.mark.parametrize("offer", [("-cipher", "AES128-SHA:AES128-GCM-SHA256"), ("-cipher", "ECDHE-ECDSA-AES128-SHA"),
                                   ("-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0")],
                         ids=["no forward secrecy", "no authenticated encryption", "TLS 1.1"])
def test_what_is_weak_is_not_to_be_had(offer, serve, openssl):
    server = serve()
    assert "200 OK" not in openssl("/", *offer)
    assert server.line_that("session_error").split()[1] in ("no_common_cipher", "no_common_version")


def test_a_client_of_tls_1_3_alone_is_told_at_once(serve, curl):
    server = serve()
    assert curl("/", "--tlsv1.3")[0] == 35
    assert server.line_that("session_error") == "session_error no_common_version"


def test_openssl_resumes_by_the_number_of_the_session_and_the_server_knows(serve, openssl, tmp_path):
    serve()
    session = str(tmp_path / "session")
    assert '"resumed": false' in openssl("/tls", "-sess_out", session)
    said = openssl("/tls", "-sess_in", session)
    assert "Reused, TLSv1.2" in said and '"resumed": true' in said


def test_sessions_can_be_declined(serve, openssl, tmp_path):
    serve("third_party.mutual", settings={"session_tickets": False})
    session = str(tmp_path / "session")
    openssl("/tls", "-sess_out", session)
    assert '"resumed": false' in openssl("/tls", "-sess_in", session)


def test_renegotiation_is_refused_and_the_connection_goes_on(serve, programs, tool, certificates, port):
    serve()
    client = programs.start([tool("openssl"), "s_client", "-connect", f"localhost:{port}", "-tls1_2", "-CAfile",
                             certificates / "ca.crt"], "s_client", may_complain=True)
    client.line_that("    Verify return code: 0")
    client.tell("R")
    client.lines_until_end()  # for it the answer is fatal
    assert "no renegotiation" in client.complaints
    with open_tls(port, certificates) as other:
        other.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert other.recv(1000).startswith(b"HTTP/1.1 200")


NAMES = {"second.example": "other-name", "*.wild.example": "other-name"}


@pytest.mark.parametrize(("asked", "shown"), [
    (None, "localhost"), ("localhost", "localhost"), ("SECOND.example", "second"), ("a.wild.example", "second"),
    ("a.b.wild.example", "localhost"), ("wild.example", "localhost"), ("nobody.example", "localhost"),
])
def test_the_certificate_is_chosen_by_name(asked, shown, serve, openssl):
    serve("third_party.mutual", identities=NAMES)
    said = openssl("/tls", *(["-servername", asked] if asked else ["-noservername"]))
    assert f"subject=CN = {shown}" in said and "200 OK" in said


def test_a_protocol_is_agreed_on_and_who_wants_others_is_told(serve, openssl, certificates, port):
    server = serve("third_party.mutual", settings={"alpn": ["http/1.1", "lamp/2"]})
    assert '"alpn": "lamp/2"' in openssl("/tls", "-alpn", "h2,lamp/2")
    assert '"alpn": null' in openssl("/tls")
    context = trusting(certificates)
    context.set_alpn_protocols(["h2"])
    raw = open_raw(port)
    raw.sendall(client_hello(context))
    answer, _ = read_until_end(raw)
    raw.close()
    assert plain_alerts(answer) == ["no_application_protocol"]
    assert stop_server(server) == ["error handshake_failed"]


def test_ciphers_are_what_was_chosen(serve, openssl):
    serve("third_party.mutual", settings={"ciphers": "ECDHE-ECDSA-CHACHA20-POLY1305"})
    assert '"cipher": "ECDHE-ECDSA-CHACHA20-POLY1305"' in openssl("/tls")
    assert "200 OK" not in openssl("/tls", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256")


# name: (certificate that curl shows, the code at the server)
SHOWN = {
    "none": (None, "no_client_certificate"), "expired": ("client-expired", "expired"),
    "not yet valid": ("client-not-yet-valid", "not_yet_valid"), "by a stranger": ("client-unknown", "untrusted_issuer"),
    "by itself": ("client-self-signed", "self_signed"), "forged": ("client-forged", "untrusted_issuer"),
    "forged, by an intermediate": ("client-forged-chain", "untrusted_issuer"), "a server's": ("good", "wrong_usage"),
}  # fmt: skip


def shown(certificates, name):
    return ["--cert", certificates / f"{name}.crt", "--key", certificates / f"{name}.key"] if name else []


@pytest.mark.parametrize("certificate", ["good", "rsa"])
@pytest.mark.parametrize("name", ["client", "client-chain", "client-other"])
def test_a_client_is_known_by_its_certificate(name, certificate, serve, curl, certificates):
    serve("third_party.mutual", trust="ca", certificate=certificate)
    status, said = curl("/me", *shown(certificates, name))
    told = json.loads(said)
    assert (status, len(told["print"])) == (0, 64)
    assert "bob" in told["names"] or "alice.example" in told["names"] or name == "client-other"


@pytest.mark.parametrize("choice", ["required", "optional"])
@pytest.mark.parametrize("kind", SHOWN)
def test_who_is_not_to_be_believed_is_refused(kind, choice, serve, curl, certificates):
    """BearSSL itself, told to do without a certificate, does also without the proof that one is the client's."""
    name, code = SHOWN[kind]
    server = serve("third_party.mutual", trust="ca", settings={"client_certificate": choice})
    status, said = curl("/tls", *shown(certificates, name))
    if name is None and choice == "optional":
        assert (status, json.loads(said)["version"]) == (0, "TLSv1.2")
        assert curl("/alice")[1] != b"welcome"
        return
    assert status != 0 and said == b""
    assert server.line_that("error") == f"error {code}"


def test_no_session_knows_a_client_that_shows_a_certificate(serve, openssl, certificates, tmp_path):
    """It would have to know it without seeing it."""
    serve("third_party.mutual", trust="ca", settings={"client_certificate": "optional"})
    session = str(tmp_path / "session")
    pair = ("-cert", certificates / "client.crt", "-key", certificates / "client.key")
    assert "alice.example" in openssl("/me", "-sess_out", session, *pair)
    said = openssl("/me", "-sess_in", session)
    assert '"resumed": false' in said and "alice.example" not in said


def test_the_worst_of_clients_are_named_and_harm_nobody(serve, curl, port, certificates):
    server = serve()
    hello = client_hello()
    for data, codes in ((b"GET / HTTP/1.1\r\n\r\n", ("peer_is_not_tls",)), (bytes(range(256)), ("peer_is_not_tls",)),
                        (b"\x16\x03\x01\x40\x01" + bytes(100), ("peer_is_not_tls", "handshake_failed")),
                        (b"\x16\x03\x03\x00\x04\x01\xff\xff\xff" * 9, ("reset",)),
                        (b"\x15\x03\x03\x00\x02\x02\x28", ("handshake_refused",)), (hello[:60], ("reset",)),
                        (hello[:5] + b"\x01\x00\x00\x05" + hello[9:], ("handshake_failed",))):
        raw = open_raw(port)
        raw.sendall(data)
        raw.shutdown(socket.SHUT_WR)
        read_until_end(raw)
        raw.close()
        assert server.line_that("session_error").split()[1] in codes, data[:20]
    raw = open_raw(port)
    raw.sendall(hello)
    raw.recv(1)
    reset(raw)
    assert server.line_that("session_error") == "session_error reset"
    context = ssl.create_default_context(cafile=str(certificates / "stranger-ca.crt"))
    with pytest.raises(ssl.SSLCertVerificationError):
        context.wrap_socket(open_raw(port), server_hostname="localhost")
    assert server.line_that("session_error") == "session_error handshake_refused"
    assert curl("/") == (0, b"small")
    assert stop_server(server) == []


def test_who_sends_records_of_nothing_without_end_holds_nobody_up(serve, curl, port):
    server = serve(settings={"handshake_timeout": 6})
    with open_raw(port) as raw:
        raw.settimeout(30)
        is_over = threading.Event()

        def flood():
            nothing = record(HANDSHAKE, b"") * 2000
            try:
                while not is_over.is_set():
                    raw.sendall(nothing)
            except OSError:
                pass

        flooding = threading.Thread(target=flood)
        flooding.start()
        assert [curl("/") for _ in range(5)] == [(0, b"small")] * 5
        assert server.line_that("session_error").split()[1] in ("deadline", "handshake_failed")
        is_over.set()
    flooding.join(30)
    assert curl("/") == (0, b"small")
