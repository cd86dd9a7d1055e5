"""curl and openssl with client certificates, and what a server's TLS may be told to choose: on both interpreters."""

import json
import re
import subprocess

import pytest

from harness.playing import play, start_server, stop_server

REFUSED = {
    # certificate of the client: (code at the server, what curl says when it can read the alert)
    None: ("no_client_certificate", "certificate required|handshake failure"),
    # curl 7 takes that alert for one about the server's certificate.
    "client-expired": ("expired", "certificate expired|certificate verification failed"),
    "client-not-yet-valid": ("not_yet_valid", "bad certificate|certificate expired|certificate unknown"),
    "client-unknown": ("untrusted_issuer", "unknown ca"),
    "client-self-signed": ("self_signed", "unknown ca"),
    "client-forged": ("untrusted_issuer", "unknown ca|decrypt error"),
    "client-forged-chain": ("untrusted_issuer", "unknown ca|decrypt error"),
    "good": ("wrong_usage", "unsupported certificate|bad certificate|certificate unknown"),
}


@pytest.fixture
def make_server(programs, interpreter, certificates, port):
    """Starts the server of `mutual` with these options."""
    def make(may_fail=False, **options):
        if may_fail:
            return play(programs, "server", interpreter, "third_party.mutual", port, certificates,
                        {"expects_error": True, **options})
        return start_server(programs, interpreter, "third_party.mutual", port, certificates, **options)

    return make


@pytest.fixture
def curl(tool, certificates, port):
    """Runs curl with the client certificate of this name; returns (exit status, stdout, stderr)."""

    def run(path, certificate, *options):
        shown = certificate and ("--cert", str(certificates / f"{certificate}.crt"), "--key",
                                 str(certificates / f"{certificate}.key")) or ()
        command = [tool("curl"), "--silent", "--show-error", "--max-time", "20", "--cacert",
                   str(certificates / "ca.crt"), *shown, *options, f"https://localhost:{port}{path}"]
        done = subprocess.run(command, capture_output=True, timeout=30)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("name", ["client", "client-chain", "client-other"])
def test_curl_is_known_by_its_certificate(name, version, make_server, curl):
    server = make_server(trust="ca")
    status, said, complaint = curl("/me", name, "--tlsv" + version, "--tls-max", version)
    assert (status, complaint) == (0, "")
    assert json.loads(said)["names"] == (["bob"] if name == "client-other" else ["alice.example"])
    assert curl("/alice", name)[1].startswith("403 " if name == "client-other" else "welcome")
    stop_server(server)


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("name", REFUSED)
def test_curl_with_a_certificate_that_is_not_to_be_believed_is_refused_and_told_why(name, version, make_server, curl,
                                                                                  interpreter):
    code, alert = REFUSED[name]
    server = make_server(trust="ca")
    status, said, complaint = curl("/me", name, "--tlsv" + version, "--tls-max", version)
    assert status != 0 and not said
    if not interpreter.is_micropython:
        assert re.search(alert, complaint), complaint
    elif version == "1.2":
        # Mbed TLS has an alert for each reason; under TLS 1.3 it sends it with keys its peer has put away.
        assert re.search(alert + "|handshake failure", complaint), complaint
    assert server.line_that("error") == f"error {code}"
    assert curl("/me", "client")[0] == 0, "a good client is served as before"
    stop_server(server)


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_an_optional_certificate_is_seen_when_it_is_shown_and_judged_all_the_same(version, make_server, curl):
    server = make_server(trust="ca", settings={"client_certificate": "optional"})
    of_version = ("--tlsv" + version, "--tls-max", version)
    assert json.loads(curl("/me", None, *of_version)[1]) == {"names": [], "print": None, "resumed": False}
    assert curl("/alice", None, *of_version)[1] == "403 Forbidden: this page wants a client certificate\n"
    assert json.loads(curl("/me", "client", *of_version)[1])["names"] == ["alice.example"]
    assert curl("/alice", "client", *of_version)[1] == "welcome"
    for name, (code, _) in REFUSED.items():
        if name:
            status, said, _ = curl("/me", name, *of_version)
            assert (status != 0, said, server.line_that("error")) == (True, "", f"error {code}")
    stop_server(server)
