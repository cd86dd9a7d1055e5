"""examples/socket_client.py: seed 003's client, with nginx, openssl and servers that are no good."""

import pytest

from harness.nginx import start_nginx
from harness.programs import free_port
from harness.s_server import start_s_server


@pytest.fixture
def nginx(programs, here, port):
    """Starts an nginx with a page of 300 KB."""

    def start(protocols, pair=None):
        (here / "pages").mkdir()
        (here / "pages" / "large").write_bytes(b"x" * 300_000)
        start_nginx(programs, here, port, pair or (here / "device.crt", here / "device.key"), protocols)

    return start


@pytest.fixture
def ask(said, port):
    ours = {"HOST": "localhost", "PORT": port, "TRUST": {"trust": "ca.crt"}, "MOST": 400_000}
    return lambda **changes: said("socket_client", **{**ours, **changes})


@pytest.mark.parametrize("protocol", ["TLSv1.2", "TLSv1.3"])
def test_it_reads_from_nginx(protocol, nginx, ask):
    nginx(protocol)
    first, *rest = ask(PATH="/large")
    assert first.startswith(protocol + " ") and rest == ["HTTP/1.1 200 OK", "300000 bytes"]
    assert ask(PATH="/missing")[1] == "HTTP/1.1 404 Not Found"


def test_it_reads_from_openssl(ask, programs, here, port):
    (here / "small.txt").write_bytes(b"x" * 13)
    start_s_server(programs, "device.crt", "device.key", "-WWW", "-quiet", port=port, cwd=here)
    assert ask(PATH="/small.txt") [1:] == ["HTTP/1.0 200 ok", "13 bytes"]


def test_it_refuses_a_stranger(nginx, ask, certificates):
    nginx("TLSv1.3", (certificates / "unknown.crt", certificates / "unknown.key"))
    line, = ask()
    assert line.startswith("failed: ")


def test_a_server_that_is_down_is_said(ask):
    line, = ask(PORT=free_port())
    assert line.startswith("failed: ")
