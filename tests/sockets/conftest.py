"""Servers of other people for the programs of this folder."""

import pytest

from harness.interpreters import find_or_fail
from harness.nginx import start_nginx
from harness.playing import start_server, stop_server
from harness.programs import free_port
from roots.range import make_world


@pytest.fixture
def nginx(programs, certificates, tmp_path):
    """Starts an nginx with two files, /small and /large."""

    def start(protocol, certificate, port):
        pages = tmp_path / "pages"
        pages.mkdir()
        (pages / "small").write_bytes(b"x" * 13)
        (pages / "large").write_bytes(b"x" * 300_000)
        pair = certificates / f"{certificate}.crt", certificates / f"{certificate}.key"
        start_nginx(programs, tmp_path, port, pair, protocol)

    return start


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """A world of public roots (see tests/roots/range.py)."""
    folder = tmp_path_factory.mktemp("world")
    make_world(folder)
    return folder


@pytest.fixture
def sites(world, programs):
    """Two sites under different roots of it: their ports."""
    ports = {"p256": free_port(), "rsa2048": free_port()}
    servers = [start_server(programs, find_or_fail("cpython"), "roots.asking", ports[name], world, certificate=name,
                            may_complain=True) for name in ports]
    yield ports
    for server in servers:
        stop_server(server)
