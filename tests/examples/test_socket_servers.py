"""examples/socket_temperature_server.py and socket_polling_server.py: seed 003's servers, asked by curl and openssl."""

import socket
import ssl

import pytest

from examples.conftest import press_ctrl_c
from harness.programs import until
from harness.wire import open_tls


@pytest.fixture(params=["socket_temperature_server", "socket_polling_server"])
def server(request, run_example, port):
    """Each of the two."""
    program = run_example(request.param, PORT=port)
    program.line_that("ready")
    return program


@pytest.fixture
def open_socket(here, port):
    """A TLS connection by Python's own ssl."""
    context = ssl.create_default_context(cafile=str(here / "ca.crt"))
    return lambda: open_tls(port, here, context)


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_it_answers_with_the_temperature(version, server, curl):
    for _ in range(2):
        status, page = curl("/", "--tlsv" + version, "--tls-max", version)
        assert status == 0 and "degrees" in page
    assert press_ctrl_c(server) == []


def test_who_is_no_client_of_ours_is_told_of_and_harms_nobody(server, curl, certificates, port):
    assert curl("/", trust=certificates / "stranger-ca.crt")[0] == 60
    with socket.create_connection(("127.0.0.1", port)) as raw:
        raw.sendall(b"GET / HTTP/1.0\r\n\r\n")
        while raw.recv(1000):
            pass
    socket.create_connection(("127.0.0.1", port)).close()
    assert curl("/")[0] == 0
    said = press_ctrl_c(server)
    assert len(said) == 3 and all(line.startswith(("no handshake: ", "gone: ")) for line in said)
    assert "does not speak TLS" in said[1]


@pytest.fixture
def asking(run_example, port):
    """The temperature server, which does `more` than usual."""

    def start(**more):
        program = run_example("socket_temperature_server", PORT=port, **more)
        program.line_that("ready")
        return program

    return start


def test_it_may_ask_for_certificates(asking, curl, certificates):
    server = asking(CLIENTS={"trust": "ca.crt"})
    alice = ("--cert", "alice.crt", "--key", "alice.key")
    assert curl("/", *alice)[0] == curl("/", "--tls-max", "1.2", *alice)[0] == 0
    assert curl("/")[0] != 0
    assert server.line() == "no handshake: the client shows no certificate"
    for name, why in (("client", "no trusted authority"), ("client-self-signed", "signed by itself")):
        assert curl("/", "--cert", certificates / f"{name}.crt", "--key", certificates / f"{name}.key")[0] != 0
        assert why in server.line()
    assert press_ctrl_c(server) == []


def test_certificates_may_be_optional(asking, curl, certificates):
    asking(CLIENTS={"trust": "ca.crt"}, CERT_REQS=1)
    assert curl("/")[0] == curl("/", "--cert", "alice.crt", "--key", "alice.key")[0] == 0
    assert curl("/", "--cert", certificates / "client.crt", "--key", certificates / "client.key")[0] != 0
    assert curl("/")[0] == 0


def test_a_silent_client_does_not_hold_the_next_one_for_ever(asking, curl, port):
    server = asking(PATIENCE=0.3)
    with socket.create_connection(("127.0.0.1", port)) as raw:
        assert raw.recv(100) == b""
    with socket.create_connection(("127.0.0.1", port)) as raw:
        raw.sendall(b"\x16\x03\x01\x02\x00")
        raw.recv(100)
    until(lambda: curl("/")[0] == 0)  # who has as little time, and a machine that may be busy
    said = press_ctrl_c(server)
    assert len(said) >= 2 and all("handshake_timeout" in line or "recv_timeout" in line for line in said), said


@pytest.fixture
def polling(run_example, port):
    more = {"history": [21.5] * 40_000, "MOST": 40_000, "heap": "16m",  # far more than the system takes at once
            "PATIENCE": 100}
    program = run_example("socket_polling_server", PORT=port, **more)
    program.line_that("ready")
    return program


def test_nobody_waits_for_another(polling, open_socket, curl, port):
    """One is silent in his handshake, three have asked the half, and one does not read 200 KB."""
    with socket.create_connection(("127.0.0.1", port)) as silent:
        silent.sendall(b"\x16\x03\x01")
        opened = [open_socket() for _ in range(3)]
        opened[0].sendall(b"GET /history HTTP/1.0\r\n\r\n")
        for each in opened[1:]:
            each.sendall(b"GET / HTT")
        for each in reversed(opened[1:]):
            each.sendall(b"P/1.0\r\nHost: localhost\r\n\r\n")
            assert read_all(each).endswith(b" degrees\n")
        assert "degrees" in curl("/")[1]
        answer = read_all(opened[0])
        assert answer.startswith(b"HTTP/1.0 200 OK\r\n") and answer.count(b"21.5\n") > 39_000
    assert polling.is_running()


def test_who_is_silent_is_let_go(run_example, port):
    run_example("socket_polling_server", PORT=port, PATIENCE=0.5, EVERY=0.1).line_that("ready")
    with socket.create_connection(("127.0.0.1", port)) as silent:
        silent.settimeout(20)
        assert silent.recv(100) == b""


def test_openssl_reads_all_that_was_measured(run_example, tool, programs, here, port):
    run_example("socket_polling_server", PORT=port, EVERY=0.1).line_that("ready")
    client = programs.start([tool("openssl"), "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", "ca.crt",
                             "-verify_return_error", "-quiet", "-crlf"], "s_client", cwd=here)
    client.tell("GET /history HTTP/1.0")
    client.tell("")
    assert float(client.lines_until_end()[-1]) > 10


def read_all(secure):
    data = b""
    piece = secure.recv(100_000)
    while piece:
        data += piece
        piece = secure.recv(100_000)
    secure.close()
    return data
