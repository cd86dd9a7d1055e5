"""examples/network_server.py: seed 000's server, asked by curl and Python's ssl while its network comes and goes."""

import socket
import ssl

from examples.conftest import press_ctrl_c

ALICE = ("--cert", "alice.crt", "--key", "alice.key")
PAGE = (0, "<h1>Hello Secure World!</h1>")


def test_it_comes_and_goes_with_the_network(run_example, curl, here, port):
    network = here / "network"
    server = run_example("network_server", arguments=[{"wlan": "network"}], **{"server.port": port})
    assert curl("/", *ALICE)[0] == 7  # nobody listens
    for _ in range(2):
        network.touch()
        server.line_that("the server has started")
        assert curl("/", *ALICE) == PAGE
        network.unlink()
        server.line_that("the server has stopped")
        assert curl("/", *ALICE)[0] == 7
    network.touch()
    server.line_that("the server has started")
    assert press_ctrl_c(server) == []


def test_a_client_is_known_by_its_certificate_and_told_of(serve_example, curl):
    server = serve_example("network_server")
    assert curl("/", *ALICE, "--tls-max", "1.2") == PAGE
    opened, closed = server.line_that("open:").split(), server.line()
    assert opened[1:3] == ["127.0.0.1", "TLSv1.2"] and "ECDHE" in opened[3] and opened[4] == "alice"
    assert closed.startswith("close: 127.0.0.1 ")


def test_who_has_no_certificate_of_ours_is_refused_and_told_of(serve_example, curl, certificates):
    server = serve_example("network_server")
    status, said = curl("/")
    assert status != 0 and "Hello" not in said
    server.line_that("refused: 127.0.0.1 no_client_certificate")
    foreign = certificates / "client-unknown.crt", certificates / "client-unknown.key"
    assert curl("/", "--cert", foreign[0], "--key", foreign[1])[0] != 0
    assert server.line() == "refused: 127.0.0.1 untrusted_issuer"


def test_the_network_goes_while_somebody_is_connected(run_example, here, port):
    network = here / "network"
    network.touch()
    server = run_example("network_server", arguments=[{"wlan": "network"}], **{"server.port": port})
    server.line_that("the server has started")
    context = ssl.create_default_context(cafile=str(here / "ca.crt"))
    context.load_cert_chain(here / "alice.crt", here / "alice.key")
    with socket.create_connection(("127.0.0.1", port)) as raw:
        with context.wrap_socket(raw, server_hostname="localhost", suppress_ragged_eofs=True) as secure:
            secure.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert secure.recv(1000).startswith(b"HTTP/1.1 200 OK\r\n")
            network.unlink()
            while secure.recv(1000):
                pass
    server.line_that("close: 127.0.0.1 ")
    server.line_that("the server has stopped")


def test_a_port_that_is_in_use_is_tried_again(run_example, curl, port):
    with socket.create_server(("", port)):
        server = run_example("network_server", **{"server.port": port})
        server.line_that("not started: ")
    server.line_that("the server has started")
    assert curl("/", *ALICE) == PAGE


def test_a_certificate_that_is_bad_ends_it(run_example, here, certificates):
    (here / "device.crt").write_bytes((certificates / "mismatch.crt").read_bytes())
    server = run_example("network_server")
    server.may_complain = True
    assert server.wait() != 0
    assert "key_does_not_match" in server.complaints or "does not match" in server.complaints
