"""The programs of the seeds, as their authors wrote them, with nginx, openssl, curl and Python's own ssl."""

import json
import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from harness.wire import trusting

HERE = Path(__file__).parent


@pytest.fixture
def run(programs, interpreter, certificates, port):
    """Starts a program of this folder on an interpreter."""

    def start(name, *arguments):
        return programs.run(interpreter, HERE / (name + ".py"), port, certificates, *arguments)

    return start


@pytest.fixture
def lines(run):
    """What a program of this folder says until it has ended."""

    def answer(name, *arguments):
        program = run(name, *arguments)
        said = program.lines_until_end()
        assert program.wait() == 0, program.fail("failed")
        return said

    return answer


@pytest.mark.parametrize("protocol", ["TLSv1.2", "TLSv1.3"])
def test_a_request_by_hand_reads_from_nginx(protocol, nginx, lines, port):
    """Seed 002: `available` and `read`, byte by byte."""
    nginx(protocol, "good", port)
    assert lines("request_by_hand", "/small") == ["200 OK 13 0"]
    assert lines("request_by_hand", "/large") == ["200 OK 300000 0"]
    assert lines("request_by_hand", "/missing")[0].startswith("404 Not Found ")


def test_a_request_by_hand_reads_from_openssl(s_server, lines):
    s_server()
    assert lines("request_by_hand", "/small.txt") == ["200 ok 13 0"]


@pytest.mark.parametrize("protocol", ["TLSv1.2", "TLSv1.3"])
def test_a_wrapped_socket_reads_from_nginx(protocol, nginx, lines, port):
    """Seed 003's client."""
    nginx(protocol, "good", port)
    assert lines("get_over_socket", "/small") == [f"200 OK 13 {protocol}"]
    assert lines("get_over_socket", "/large") == [f"200 OK 300000 {protocol}"]


def test_a_wrapped_socket_reads_from_openssl(s_server, lines):
    s_server()
    assert lines("get_over_socket", "/small.txt") == ["200 ok 13 TLSv1.3"]


def test_a_wrapped_socket_refuses_a_stranger(nginx, lines, port):
    nginx("TLSv1.3", "unknown", port)
    assert lines("get_over_socket", "/small") == ["error untrusted_issuer"]


@pytest.mark.parametrize("protocol", ["TLSv1.2", "TLSv1.3"])
def test_events_tell_of_a_request_to_nginx(protocol, nginx, lines, port):
    """Seed 004's program, and one whose host has another name."""
    nginx(protocol, "name-only", port, 'if ($http_user_agent !~ Mongoose) { return 403; }')
    assert lines("get_with_events", "/small") == [
        f"connect {protocol}", "headers 200", "reply 200 13", "close", "error refused", "close"]


@pytest.fixture
def curl(tool, certificates, port):
    """What curl has to say: (status, body and headers)."""

    def ask(path="/", *options, trust="ca"):
        command = [tool("curl"), "--silent", "--show-error", "--include", "--max-time", "20", "--cacert",
                   str(certificates / f"{trust}.crt"), *options, f"https://localhost:{port}{path}"]
        done = subprocess.run(command, capture_output=True, timeout=30)
        return done.returncode, done.stdout.decode()

    return ask


def client_certificate(certificates, name):
    return "--cert", str(certificates / f"{name}.crt"), "--key", str(certificates / f"{name}.key")


@pytest.mark.parametrize("certificate", ["good", "rsa"])
def test_a_server_of_wrapped_sockets_answers_curl(certificate, run, curl, port):
    """Seed 003's HTTPS server, and clients it does not like: they are told of and others served."""
    server = run("https_server", certificate)
    server.line_that("ready")
    for version in ("1.2", "1.3"):
        status, answer = curl("/", "--tlsv" + version, "--tls-max", version)
        assert status == 0 and answer.endswith("<h1>21.5 degrees</h1>")
    assert curl(trust="stranger-ca")[0] == 60
    with socket.create_connection(("127.0.0.1", port)) as raw:
        raw.sendall(b"GET / HTTP/1.0\r\n\r\n")
        while raw.recv(1000):
            pass
    socket.create_connection(("127.0.0.1", port)).close()
    assert curl("/stop")[0] == 0
    said = server.lines_until_end()
    assert said[0] in ("failed handshake_refused", "failed reset")  # whose alert and reset may come together
    assert said[1:] == ["failed peer_is_not_tls", "failed reset", "stopped"]


def test_a_silent_client_does_not_hold_the_server_for_ever(run, curl, port):
    server = run("https_server", "good", json.dumps({"handshake_timeout": 0.3, "recv_timeout": 0.3}))
    server.line_that("ready")
    with socket.create_connection(("127.0.0.1", port)) as raw:
        assert raw.recv(100) == b""
    with socket.create_connection(("127.0.0.1", port)) as raw:
        raw.sendall(b"\x16\x03\x01\x02\x00")
        raw.recv(100)
    assert curl("/stop")[0] == 0
    assert server.lines_until_end() == ["failed deadline", "failed deadline", "stopped"]


def test_a_server_of_wrapped_sockets_asks_for_certificates(run, curl, certificates):
    server = run("https_server", "good", json.dumps({"cadata": str(certificates / "ca.crt")}))
    server.line_that("ready")
    assert "Client: alice" in curl("/", *client_certificate(certificates, "client"))[1]
    assert "Client: alice" in curl("/", "--tls-max", "1.2", *client_certificate(certificates, "client"))[1]
    assert curl("/")[0] != 0
    assert curl("/", *client_certificate(certificates, "client-unknown"))[0] != 0
    assert curl("/", *client_certificate(certificates, "client-expired"))[0] != 0
    assert "Client: alice" in curl("/stop", *client_certificate(certificates, "client"))[1]
    assert server.lines_until_end() == ["failed no_client_certificate", "failed untrusted_issuer", "failed expired",
                                        "stopped"]


def test_a_server_of_wrapped_sockets_takes_certificates_that_are_optional(run, curl, certificates):
    server = run("https_server", "good", json.dumps({"cadata": str(certificates / "ca.crt"), "cert_reqs": 1}))
    server.line_that("ready")
    assert "Client: nobody" in curl("/")[1]
    assert "Client: alice" in curl("/", *client_certificate(certificates, "client"))[1]
    assert curl("/", *client_certificate(certificates, "client-forged"))[0] != 0
    assert "Client: nobody" in curl("/stop")[1]
    assert server.lines_until_end()[1:] == ["stopped"]


@pytest.mark.parametrize("arguments", [{}, {"do_handshake": False}], ids=["at_once", "later"])
def test_a_server_may_speak_first(arguments, run, certificates, port):
    """Mbed TLS does not tell a server that a handshake is over until the client says something."""
    server = run("greeting_server", "good", json.dumps(arguments))
    server.line_that("ready")
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        assert greeted(certificates, port, version, b"hello\n") == b"welcome\nhello\n"
    greeted(certificates, port, version, b"stop\n")
    assert server.lines_until_end() == ["stopped"]


def greeted(certificates, port, version, line):
    """What Python's own ssl reads: it says nothing before it was greeted."""
    context = trusting(certificates)
    context.minimum_version = context.maximum_version = version
    context.options |= getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
    with socket.create_connection(("127.0.0.1", port)) as raw, context.wrap_socket(
            raw, server_hostname="localhost", suppress_ragged_eofs=True) as secure:
        greeting = secure.recv(100)
        secure.sendall(line)
        return greeting + secure.recv(100)


def test_nobody_waits_for_another_in_a_polling_loop(run, tool, certificates, port, programs):
    """Seed 003's non-blocking sockets, with openssl and Python's ssl, beside one who is silent in his handshake."""
    server = run("polling_server", "good")
    server.line_that("ready")
    context = trusting(certificates)
    with socket.create_connection(("127.0.0.1", port)) as silent:
        silent.sendall(b"\x16\x03\x01")
        opened = []
        for number in range(3):
            raw = socket.create_connection(("127.0.0.1", port))
            opened.append(context.wrap_socket(raw, server_hostname="localhost"))
            opened[-1].sendall(b"half a line, number %d" % number)
        for number in (2, 0, 1):
            opened[number].sendall(b", and the rest\nmore\n")
            assert read_until(opened[number], b"MORE\n") == b"HALF A LINE, NUMBER %d, AND THE REST\nMORE\n" % number
        opened[0].sendall((b"x" * 1000 + b"\n") * 200)
        assert read_until(opened[0], b"\n", 200) == (b"X" * 1000 + b"\n") * 200
        for each in opened:
            each.close()
        openssl = programs.start([tool("openssl"), "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile",
                                  certificates / "ca.crt", "-verify_return_error", "-quiet"], "s_client")
        openssl.tell("by openssl")
        assert openssl.line() == "BY OPENSSL"
        with socket.create_connection(("127.0.0.1", port)) as plain:
            plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
            assert server.line() == "failed peer_is_not_tls"
        openssl.tell("stop")
        server.line_that("stopped")


def read_until(secure, end, count=1):
    data = b""
    while data.count(end) < count:
        piece = secure.recv(100_000)
        assert piece, data
        data += piece
    return data
