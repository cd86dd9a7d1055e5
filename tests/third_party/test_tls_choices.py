"""What an application may choose of its server's TLS, seen by openssl; and what an engine cannot, refused by name."""

import json
import re
import socket
import ssl
import subprocess

import pytest

from harness.interpreters import find_or_fail
from harness.playing import play, start_server, stop_server
from harness.wire import client_hello, open_raw, plain_alerts, read_until_end, trusting

# Certificates by the name a client asks for; everybody else sees `good`, whose common name is localhost.
IDENTITIES = {"second.example": "other-name", "*.wild.example": "other-name"}
SHOWN = {
    None: "localhost", "localhost": "localhost", "second.example": "second", "SECOND.Example": "second",
    "a.wild.example": "second", "wild.example": "localhost", "a.b.wild.example": "localhost",
    "nobody.example": "localhost", "x" * 63 + ".example": "localhost",
}  # fmt: skip


@pytest.fixture
def make_server(programs, certificates, port):
    """A server that chose, on CPython unless told otherwise."""
    def make(interpreter="cpython", **options):
        return start_server(programs, find_or_fail(interpreter), "third_party.mutual", port, certificates, **options)

    return make


@pytest.fixture
def openssl(tool, certificates, port):
    """What `openssl s_client` says of the connection and of /tls."""

    def ask(*options):
        command = [tool("openssl"), "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile",
                   str(certificates / "ca.crt"), "-ign_eof", *options]
        request = b"GET /tls HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        done = subprocess.run(command, input=request, capture_output=True, timeout=30)
        return (done.stdout + done.stderr).decode("latin-1")

    return ask


def alerts_to(port, hello):
    """The alerts that a hello is answered with."""
    raw = open_raw(port)
    raw.sendall(hello)
    answer, _ = read_until_end(raw)
    raw.close()
    return plain_alerts(answer)


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_the_certificate_is_chosen_by_the_name_a_client_asks_for(version, make_server, openssl):
    server = make_server(identities=IDENTITIES)
    for name, expected in SHOWN.items():
        said = openssl(version, *(("-servername", name) if name else ("-noservername",)))
        assert re.search(r"subject=CN ?= ?(\w+)", said)[1] == expected, name
        assert "Verify return code: 0 (ok)" in said and "200 OK" in said
    stop_server(server)


def test_a_name_in_pieces_and_a_name_that_is_none_harm_nobody(make_server, openssl, port):
    """A hello that comes byte by byte is chosen by like any other; one with a name of high bytes gets an alert."""
    server = make_server(identities=IDENTITIES, may_complain=True)
    raw = open_raw(port)
    for byte in client_hello(name="second.example"):
        raw.sendall(bytes((byte,)))
    raw.settimeout(10)
    assert raw.recv(5)[0] == 0x16
    raw.close()
    hello = client_hello(name="second.example").replace(b"second.example", b"\xff\xfe\xfdond.example")
    assert alerts_to(port, hello) in (["internal_error"], ["unrecognized_name"], ["decode_error"])
    assert "CN = second" in openssl("-servername", "second.example")
    stop_server(server)


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_client_certificates_are_asked_for_whatever_name_was(version, make_server, openssl, certificates):
    server = make_server(identities=IDENTITIES, trust="ca")
    shown = ("-cert", str(certificates / "client.crt"), "-key", str(certificates / "client.key"))
    for name in ("localhost", "second.example"):
        assert "200 OK" in openssl(version, "-servername", name, *shown)
        assert "200 OK" not in openssl(version, "-servername", name)
    stop_server(server)


def test_the_first_protocol_of_the_client_that_is_ours_is_agreed_on(make_server, openssl):
    server = make_server(settings={"alpn": ["http/1.1", "lamp/2"]})
    for theirs, expected in (("h2,lamp/2", "lamp/2"), ("http/1.1,lamp/2", "http/1.1"), ("http/1.1", "http/1.1")):
        said = openssl("-alpn", theirs)
        assert f"ALPN protocol: {expected}" in said and f'"alpn": "{expected}"' in said
    assert "No ALPN negotiated" in openssl(), "who asks for none is served"
    stop_server(server)


def test_who_wants_only_other_protocols_is_told_so(make_server, openssl, port):
    """RFC 7301 section 3.2: a fatal no_application_protocol. OpenSSL's binding alone would go on without ALPN."""
    server = make_server(settings={"alpn": ["http/1.1"]})
    assert "alert number 120" in openssl("-alpn", "h2,spdy/1")
    hello = hello_for("h2")
    assert alerts_to(port, hello) == ["no_application_protocol"]
    raw = open_raw(port)
    for byte in hello:  # its packets may be cut anywhere
        raw.sendall(bytes((byte,)))
    assert plain_alerts(read_until_end(raw)[0]) == ["no_application_protocol"]
    raw.close()
    assert "200 OK" in openssl("-alpn", "h2,http/1.1")
    stop_server(server)


def test_a_server_that_named_no_protocols_serves_who_wants_others_without_one(make_server, openssl):
    """To look into every hello would cost every connection; who must have another protocol leaves by itself."""
    server = make_server()
    said = openssl("-alpn", "h2")
    assert "No ALPN negotiated" in said and "200 OK" in said
    stop_server(server)


def hello_for(protocol):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_alpn_protocols([protocol])
    return client_hello(context)


@pytest.mark.parametrize(("settings", "taken", "refused"), [
    ({"minimum_tls": "1.3"}, "-tls1_3", "-tls1_2"), ({"maximum_tls": "1.2"}, "-tls1_2", "-tls1_3"),
], ids=["1.3 at least", "1.2 at most"])
def test_versions_are_what_was_chosen(settings, taken, refused, make_server, openssl):
    server = make_server(settings=settings)
    assert "200 OK" in openssl(taken)
    assert "alert number 70" in openssl(refused), "protocol_version"
    stop_server(server)


def test_ciphers_are_what_was_chosen(make_server, openssl):
    server = make_server(settings={"ciphers": "ECDHE-ECDSA-CHACHA20-POLY1305"})
    assert '"cipher": "ECDHE-ECDSA-CHACHA20-POLY1305"' in openssl("-tls1_2")
    assert "alert number 40" in openssl("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"), "handshake_failure"
    assert "200 OK" in openssl("-tls1_3"), "the list is TLS 1.2's"
    stop_server(server)


@pytest.mark.parametrize("ciphers", ["TLS_CHACHA20_POLY1305_SHA256", ["TLS_CHACHA20_POLY1305_SHA256"],
                                     "TLS_CHACHA20_POLY1305_SHA256:ECDHE+AESGCM"])
def test_suites_of_tls_1_3_can_be_chosen(ciphers, make_server, openssl):
    server = make_server(settings={"ciphers": ciphers})
    assert '"cipher": "TLS_CHACHA20_POLY1305_SHA256"' in openssl()
    assert "alert number 40" in openssl("-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256"), "handshake_failure"
    is_served = "200 OK" in openssl("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256")
    assert is_served == ("ECDHE" in ciphers), "with TLS 1.3's names alone it is 1.3 at least"
    stop_server(server)


AES_128, AES_256, CHACHA = "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"
OLDER_128, OLDER_256, OLDER_CHACHA = (f"ECDHE-ECDSA-{name}" for name in (
    "AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305"))


@pytest.mark.parametrize(("options", "agreed"), [
    (("-tls1_3",), AES_128),  # openssl names AES-256 first
    (("-tls1_3", "-ciphersuites", f"{AES_256}:{CHACHA}"), AES_256),
    (("-tls1_3", "-ciphersuites", f"{CHACHA}:{AES_128}"), CHACHA),  # as a phone does without instructions for AES
    (("-tls1_3", "-ciphersuites", f"{AES_256}:{AES_128}:{CHACHA}"), AES_128),
    (("-tls1_2",), OLDER_128),
    (("-tls1_2", "-cipher", OLDER_256), OLDER_256),
    (("-tls1_2", "-cipher", f"{OLDER_CHACHA}:{OLDER_128}"), OLDER_CHACHA),
], ids=lambda value: " ".join(value) if isinstance(value, tuple) else value)  # fmt: skip
def test_aes_128_is_first_but_for_those_who_want_chacha(options, agreed, make_server, openssl):
    server = make_server()
    assert f'"cipher": "{agreed}"' in openssl(*options)
    stop_server(server)


@pytest.mark.parametrize("curve", ["prime256v1", "secp384r1"])
def test_the_curve_is_what_was_chosen(curve, make_server, openssl):
    server = make_server(settings={"curves": [curve]})
    shown = {"prime256v1": "P-256|prime256v1", "secp384r1": "P-384|secp384r1"}[curve]
    assert re.search(f"Server Temp Key: ECDH, ({shown})", openssl())
    assert "alert number 40" in openssl("-curves", "X25519")
    stop_server(server)


@pytest.mark.micropython
@pytest.mark.parametrize("ciphers", [["TLS1-3-CHACHA20-POLY1305-SHA256"], "TLS1-3-CHACHA20-POLY1305-SHA256",
                                     ["TLS-ECDHE-ECDSA-WITH-AES-128-GCM-SHA256", "TLS1-3-CHACHA20-POLY1305-SHA256"]])
def test_ciphers_can_be_chosen_on_micropython_by_mbed_tlss_names(ciphers, make_server, openssl):
    server = make_server("micropython", settings={"ciphers": ciphers})
    assert "Cipher is TLS_CHACHA20_POLY1305_SHA256" in openssl()
    assert "200 OK" not in openssl("-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256")
    is_served = "200 OK" in openssl("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256")
    assert is_served == (len(ciphers) == 2), "with TLS 1.3's names alone it is 1.3 at least"
    server.line_that("error")
    stop_server(server)


# What no engine takes: (settings, code)
NONSENSE = {
    "a version that is broken": ({"minimum_tls": "1.1"}, "bad_choice"),
    "a version that is none": ({"maximum_tls": "2"}, "bad_choice"),
    "versions the wrong way round": ({"minimum_tls": "1.3", "maximum_tls": "1.2"}, "bad_choice"),
    "ciphers that nobody knows": ({"ciphers": "NONSENSE"}, "bad_ciphers"),
    "ciphers that nobody knows under TLS 1.3": ({"ciphers": "TLS_NONSENSE"}, "bad_ciphers"),
    "ciphers of which one is known": ({"ciphers": "TLS_AES_128_GCM_SHA256:TLS_NONSENSE"}, "bad_ciphers"),
    "ciphers that are a number": ({"ciphers": 7}, "bad_ciphers"),
    "a certificate that clients could show, and nobody asks": ({"client_certificate": "optional"}, "no_client_trust"),
    "a setting that there is not": ({"cipher": "ECDHE"}, "unknown_setting"),
}


@pytest.mark.parametrize("kind", NONSENSE)
def test_nonsense_is_refused_before_anything_listens(kind, interpreter, programs, certificates, port):
    """The port is taken by somebody else: had the server tried to listen before it looked, it would say so instead."""
    settings, code = NONSENSE[kind]
    with socket.create_server(("127.0.0.1", port)):
        server = play(programs, "server", interpreter, "third_party.mutual", port, certificates,
                      {"settings": settings, "expects_error": True})
        assert server.lines_until_end() == [f"error {code}"]


def test_a_choice_for_client_certificates_that_is_none_is_refused(interpreter, programs, certificates, port):
    server = play(programs, "server", interpreter, "third_party.mutual", port, certificates,
                  {"settings": {"client_certificate": "maybe"}, "trust": "ca", "expects_error": True})
    assert server.lines_until_end() == ["error bad_choice"]


@pytest.mark.parametrize("trust", ["danger_anyone", "pinned", "public"])
def test_a_trust_that_names_no_authority_is_no_use_to_a_server(trust, interpreter, programs, certificates, port):
    """It could not verify anybody, and would say that it did."""
    server = play(programs, "server", interpreter, "third_party.mutual", port, certificates,
                  {"trust_kind": trust, "expects_error": True})
    assert server.lines_until_end() == ["error bad_client_trust"]


def test_a_trust_on_a_server_without_tls_is_refused(interpreter, programs, certificates, port):
    """Its author believes that only the holders of certificates come in; without TLS everybody would."""
    server = play(programs, "server", interpreter, "third_party.mutual", port, certificates,
                  {"trust": "ca", "settings": {"transport": "insecure"}, "expects_error": True})
    assert server.lines_until_end() == ["error no_client_trust"]


NOT_ON_CPYTHON = {
    "an unknown curve": ({"curves": "P-0"}, "bad_curves"),
    "several curves": ({"curves": ["X25519", "prime256v1"]}, "unsupported"),
}


@pytest.mark.parametrize("kind", NOT_ON_CPYTHON)
def test_curves_that_cpython_cannot_have_are_refused(kind, programs, certificates, port):
    settings, code = NOT_ON_CPYTHON[kind]
    if hasattr(ssl.SSLContext, "set_groups"):
        code = "bad_curves" if code == "bad_curves" else "none"
    server = play(programs, "server", find_or_fail("cpython"), "third_party.mutual", port, certificates,
                  {"settings": settings, "expects_error": True})
    assert server.line() == ("ready" if code == "none" else f"error {code}")


@pytest.mark.parametrize("name", ["*", "*.", "a.*.example", "localhost:443", ".example", ""])
def test_a_name_that_no_client_could_ask_for_is_refused(name, programs, certificates, port):
    server = play(programs, "server", find_or_fail("cpython"), "third_party.mutual", port, certificates,
                  {"identities": {name: "good"}, "expects_error": True})
    assert server.lines_until_end() == ["error bad_choice"]


@pytest.mark.parametrize(("certificate", "code"), [("expired", "expired"), ("garbage", "bad_certificate_file"),
                                                   ("mismatch", "key_does_not_match_certificate")])
def test_every_identity_is_looked_at_before_anything_listens(certificate, code, programs, certificates, port):
    with socket.create_server(("127.0.0.1", port)):
        server = play(programs, "server", find_or_fail("cpython"), "third_party.mutual", port, certificates,
                      {"identities": {"second.example": certificate}, "expects_error": True})
        assert server.lines_until_end() == [f"error {code}"]


UNSUPPORTED = {
    "identities": {"identities": IDENTITIES}, "minimum_tls": {"settings": {"minimum_tls": "1.3"}},
    "maximum_tls": {"settings": {"maximum_tls": "1.2"}}, "curves": {"settings": {"curves": "prime256v1"}},
    "alpn": {"settings": {"alpn": ["http/1.1"]}}, "session_tickets": {"settings": {"session_tickets": True}},
}  # fmt: skip


@pytest.mark.micropython
@pytest.mark.parametrize("setting", UNSUPPORTED)
def test_what_micropython_cannot_is_unsupported_by_name_and_with_the_reason(setting, programs, certificates, port):
    server = play(programs, "server", find_or_fail("micropython"), "third_party.mutual", port, certificates,
                  {"tells": True, "expects_error": True, **UNSUPPORTED[setting]})
    said = server.lines_until_end()
    assert said[0] == f"unsupported {setting}"
    assert "MicroPython's tls" in said[1]


@pytest.mark.micropython
def test_what_micropython_does_anyway_may_be_named(make_server, openssl):
    server = make_server("micropython", settings={"minimum_tls": "1.2", "maximum_tls": "1.3", "session_tickets": False,
                                                  "alpn": None, "curves": None, "ciphers": None, "identities": None})
    assert "200 OK" in openssl()
    stop_server(server)


def test_the_page_of_a_server_that_chose_says_what_was_agreed_on(make_server, certificates, port):
    server = make_server(settings={"minimum_tls": "1.3", "alpn": ["http/1.1"]}, identities=IDENTITIES)
    context = trusting(certificates)
    context.set_alpn_protocols(["http/1.1"])
    with context.wrap_socket(socket.create_connection(("127.0.0.1", port), 10), server_hostname="localhost") as tls:
        tls.sendall(b"GET /tls HTTP/1.1\r\nHost: localhost\r\n\r\n")
        body = tls.recv(4096).partition(b"\r\n\r\n")[2]
    assert json.loads(body) == {"version": "TLSv1.3", "cipher": "TLS_AES_128_GCM_SHA256", "alpn": "http/1.1",
                                "resumed": False}
    stop_server(server)


LOADED = """
import asyncio, sys
from microhttps import Identity, Server

async def main():
    server = Server(Identity(%r, %r), port=%d, host="127.0.0.1")
    await server.start()
    print(" ".join([name for name in sys.modules if name.startswith("microhttps.")]))
    await server.stop()

asyncio.run(main())
"""
RARE = ("mutual", "choices", "optional", "leaf", "abilities", "guards", "certificate_rules", "peer", "tls_limits")


@pytest.mark.micropython
def test_a_board_that_chose_nothing_has_loaded_nothing_of_it(programs, certificates, port):
    program = LOADED % (str(certificates / "good.crt"), str(certificates / "good.key"), port)
    loaded = programs.run(find_or_fail("micropython"), "-c", program, name="a server").line()
    assert "microhttps.server.listening" in loaded
    assert not [name for name in RARE if name in loaded], loaded
