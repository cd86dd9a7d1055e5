"""STARTTLS: aiosmtpd, openssl, curl and smtplib against ours, ours against ours, and somebody in between."""

import smtplib
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from harness.interpreters import find_or_fail
from harness.playing import start_client
from harness.programs import free_port
from harness.wire import trusting

HERE = Path(__file__).parent
GOOD = ["220", "250 None", "220", "secure TLSv 0", "250", "250", "once more: already_secure", "221"]  # of mail_client


@pytest.fixture
def ask(programs, certificates):
    """What a client of ours says of a server."""

    def run(interpreter, port, *arguments):
        client = programs.run(interpreter, HERE / "mail_client.py", port, certificates, *arguments)
        said = client.lines_until_end()
        assert client.wait() == 0, client.fail("failed")
        return said

    return run


@pytest.fixture
def serve(programs, certificates, port):
    """Starts a server of ours."""

    def start(interpreter, *arguments):
        server = programs.run(interpreter, HERE / "mail_server.py", port, certificates, "good", *arguments)
        server.line_that("ready")
        return server

    return start


def test_each_client_of_ours_secures_a_stream_to_each_server_of_ours(pairing, serve, ask, port):
    server = serve(pairing[0])
    assert ask(pairing[1], port) == GOOD
    assert server.lines_until_end() == ["stopped"]


def test_a_client_of_ours_secures_a_stream_to_aiosmtpd(interpreter, ask, certificates, port):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "good.crt", certificates / "good.key")
    controller = Controller(None, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    controller.start()
    try:
        assert ask(interpreter, port) == GOOD
        assert ask(interpreter, port, "stranger-ca")[-2:] == ["error untrusted_issuer False", "then reset"]
    finally:
        controller.stop()


def test_what_came_in_the_clear_behind_the_consent_ends_the_connection(pairing, serve, ask, port):
    """CVE-2011-0411: otherwise it would be taken for the first reply over TLS."""
    server = serve(pairing[0], "250 mail is to be sent elsewhere\r\n")
    assert ask(pairing[1], port)[-2:] == ["error data_before_tls False", "then reset"]
    assert server.line() == "failed reset"


def test_openssl_secures_a_connection_to_a_server_of_ours(interpreter, serve, tool, programs, certificates, port):
    serve(interpreter)
    client = programs.start([tool("openssl"), "s_client", "-starttls", "smtp", "-connect", f"127.0.0.1:{port}",
                             "-CAfile", certificates / "ca.crt", "-verify_return_error", "-quiet", "-crlf"], "s_client")
    client.tell("NOOP")
    client.line_that("250 over TLSv1.")
    client.tell("quit")
    client.line_that("221 bye")


def test_curl_secures_a_connection_to_a_server_of_ours(interpreter, serve, tool, certificates, port):
    server = serve(interpreter)
    done = subprocess.run([tool("curl"), "--silent", "--show-error", "--ssl-reqd", "--max-time", "20", "--cacert",
                           certificates / "ca.crt", f"smtp://localhost:{port}", "--request", "NOOP"],
                          capture_output=True, timeout=30)
    assert done.returncode == 0, done.stderr
    assert server.lines_until_end() == ["stopped"]


def test_smtplib_secures_a_connection_to_a_server_of_ours(interpreter, serve, certificates, port):
    server = serve(interpreter)
    with smtplib.SMTP("localhost", port, timeout=20) as client:
        client.starttls(context=trusting(certificates))
        assert client.noop()[1].startswith(b"over TLSv1.")
    assert server.lines_until_end() == ["stopped"]


@pytest.mark.parametrize("words", [b"", b"220 go ahead\r\n"], ids=["nothing", "consent"])
def test_a_server_that_goes_away_leaves_nobody_in_the_clear(words, interpreter, ask):
    """It hangs up instead of consenting, or instead of shaking hands."""
    port = free_port()
    with socket.create_server(("127.0.0.1", port)) as listener:

        def talk():
            with listener.accept()[0] as raw:
                raw.sendall(b"220 here\r\n")
                raw.recv(100)
                raw.sendall(b"250 STARTTLS\r\n")
                raw.recv(100)
                raw.sendall(words)

        thread = threading.Thread(target=talk)
        thread.start()
        assert ask(interpreter, port)[-2:] == ["error reset False", "then reset"]
        thread.join()


@pytest.mark.parametrize("client", ["cpython", "micropython"])
@pytest.mark.parametrize("kind", ["stream", "socket"])
def test_public_roots_need_an_address_on_a_board_and_once(kind, client, world, sites, programs, tmp_path):
    """The connection that is given cannot be made once more, and without a first look Mbed TLS has no root."""
    play = start_client(programs, find_or_fail(client), "sockets.public_roots", sites["p256"], world, kind=kind,
                        other=sites["rsa2048"], environment={"MICROHTTPS_HOME": str(tmp_path)})
    said = play.lines_until_end()
    assert play.wait() == 0, play.fail("failed")
    first = "no error" if client == "cpython" else "root_not_known"
    assert said == [f"nothing known: {first}", "with an address: no error", "remembered: no error",
                    "another root by now: " + ("no error" if client == "cpython" else "untrusted_issuer"),
                    f"forgotten: {first}", "another name: wrong_name"]
