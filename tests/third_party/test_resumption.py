"""openssl comes back to a server of ours: tickets of TLS 1.2 and 1.3, sessions without tickets, client certificates."""

import re
import subprocess

import pytest

from harness.interpreters import find_or_fail
from harness.playing import start_server, stop_server

VERSIONS = {"-tls1_2": "TLSv1.2", "-tls1_3": "TLSv1.3"}
each_version = pytest.mark.parametrize("version", VERSIONS)


@pytest.fixture
def make_server(programs, certificates, port):
    """A server on CPython; MicroPython's TLS keeps no sessions (see test_tls_choices)."""
    def make(**options):
        return start_server(programs, find_or_fail("cpython"), "third_party.mutual", port, certificates, **options)

    return make


@pytest.fixture
def openssl(tool, certificates, port):
    """Asks once with `openssl s_client`; returns (whether TLS says it was resumed, the answer's body)."""

    def ask(path, *options, certificate=None):
        shown = certificate and ("-cert", str(certificates / f"{certificate}.crt"), "-key",
                                 str(certificates / f"{certificate}.key")) or ()
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        command = [tool("openssl"), "s_client", "-connect", f"127.0.0.1:{port}", "-servername", "localhost", "-CAfile",
                   str(certificates / "ca.crt"), "-ign_eof", *shown, *options]
        done = subprocess.run(command, input=request.encode(), capture_output=True, timeout=30)
        said = done.stdout.decode("latin-1")
        head = re.search(r"(?is)content-length: (\d+).*?\r\n\r\n", said)
        assert head, said + done.stderr.decode()
        return "Reused, " in said, said[head.end():head.end() + int(head[1])].strip()

    return ask


@each_version
def test_a_client_that_comes_back_with_its_ticket_is_resumed_and_the_server_knows(version, make_server, openssl,
                                                                                 tmp_path):
    server = make_server()
    ticket = str(tmp_path / "ticket")
    assert openssl("/tls", version, "-sess_out", ticket) == (False, tls(version, False))
    for _ in range(3):
        assert openssl("/tls", version, "-sess_in", ticket) == (True, tls(version, True))
    stop_server(server)


def tls(version, is_resumed):
    """What the page says of the connection."""
    cipher = {"-tls1_2": "ECDHE-ECDSA-AES128-GCM-SHA256", "-tls1_3": "TLS_AES_128_GCM_SHA256"}[version]
    return ('{"version": "%s", "cipher": "%s", "alpn": null, "resumed": %s}'
            % (VERSIONS[version], cipher, "true" if is_resumed else "false"))


def test_reconnect_resumes_five_times(make_server, tool, port):
    """What people try first; under TLS 1.3 openssl reconnects before a ticket has come, to anybody."""
    server = make_server()
    command = [tool("openssl"), "s_client", "-connect", f"127.0.0.1:{port}", "-reconnect", "-tls1_2"]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=30)
    said = done.stdout.decode("latin-1")
    assert (said.count("New, TLSv1.2"), said.count("Reused, TLSv1.2")) == (1, 5), said
    stop_server(server)


def test_a_client_without_tickets_is_resumed_by_its_session_id(make_server, openssl, tmp_path):
    """OpenSSL keeps such sessions itself, at most 20480, for two hours; only TLS 1.2 has them."""
    server = make_server()
    session = str(tmp_path / "session")
    assert not openssl("/tls", "-tls1_2", "-no_ticket", "-sess_out", session)[0]
    assert openssl("/tls", "-tls1_2", "-no_ticket", "-sess_in", session) == (True, tls("-tls1_2", True))
    stop_server(server)


def test_a_ticket_of_another_server_is_no_use(make_server, openssl, tmp_path):
    ticket = str(tmp_path / "ticket")
    server = make_server()
    openssl("/tls", "-sess_out", ticket)
    stop_server(server)
    server = make_server()
    assert openssl("/tls", "-sess_in", ticket) == (False, tls("-tls1_3", False))
    stop_server(server)


def test_without_session_tickets_nobody_is_resumed_under_tls_1_3(make_server, openssl, tmp_path):
    server = make_server(settings={"session_tickets": False})
    ticket = tmp_path / "ticket"
    assert not openssl("/tls", "-tls1_3", "-sess_out", str(ticket))[0]
    assert not ticket.exists(), "a ticket was given"
    stop_server(server)


def test_without_session_tickets_no_ticket_is_given_under_tls_1_2(make_server, tool, port):
    server = make_server(settings={"session_tickets": False})
    command = [tool("openssl"), "s_client", "-connect", f"127.0.0.1:{port}", "-tls1_2"]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=30)
    assert b"TLS session ticket" not in done.stdout
    assert b"New, TLSv1.2" in done.stdout
    stop_server(server)


@each_version
def test_a_resumed_client_is_still_known_by_its_certificate_and_ruled_by_it(version, make_server, openssl, tmp_path):
    server = make_server(trust="ca")
    for name, names, answer in (("client", '["alice.example"]', "welcome"),
                                ("client-other", '["bob"]', "403 Forbidden: this page is not for the holder of this "
                                                            "client certificate")):
        ticket = str(tmp_path / name)
        is_resumed, first = openssl("/me", version, "-sess_out", ticket, certificate=name)
        assert not is_resumed
        is_resumed, second = openssl("/me", version, "-sess_in", ticket, certificate=name)
        assert is_resumed
        assert second == first.replace('"resumed": false', '"resumed": true') and names in second
        assert openssl("/alice", version, "-sess_in", ticket, certificate=name) == (True, answer)
    stop_server(server)


@each_version
def test_who_comes_back_without_a_certificate_where_it_is_optional_gains_none(version, make_server, openssl, tmp_path):
    server = make_server(trust="ca", settings={"client_certificate": "optional"})
    ticket = str(tmp_path / "ticket")
    openssl("/me", version, "-sess_out", ticket)
    assert openssl("/alice", version, "-sess_in", ticket, certificate="client") == (
        True, "403 Forbidden: this page wants a client certificate")
    stop_server(server)
