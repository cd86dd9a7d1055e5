"""Servers of other people for the programs of this folder."""

import os
import socket

import pytest

from harness.interpreters import find_or_fail
from harness.playing import start_server, stop_server
from harness.programs import free_port, until
from roots.range import make_world


def is_listening(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def nginx(tool, programs, certificates, tmp_path):
    """Starts an nginx with two files, /small and /large, and perhaps a line more of its configuration."""

    def start(protocol, certificate, port, more=""):
        pages = tmp_path / "pages"
        pages.mkdir()
        (pages / "small").write_bytes(b"x" * 13)
        (pages / "large").write_bytes(b"x" * 300_000)
        os.chmod(tmp_path, 0o755)
        folders = "".join(f"{name}_temp_path {tmp_path}/{name}; "
                          for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        configuration = tmp_path / "nginx.conf"
        configuration.write_text(f"""
daemon off; master_process off; worker_processes 1; pid {tmp_path}/nginx.pid; error_log stderr warn;
events {{ worker_connections 64; }}
http {{
  access_log off; {folders}
  server {{
    listen 127.0.0.1:{port} ssl; server_name localhost; root {pages}; {more}
    ssl_certificate {certificates}/{certificate}.crt; ssl_certificate_key {certificates}/{certificate}.key;
    ssl_protocols {protocol};
  }}
}}
""")
        programs.start([tool("nginx"), "-p", str(tmp_path), "-e", "stderr", "-c", str(configuration)], "nginx")
        until(lambda: is_listening(port))

    return start


@pytest.fixture
def s_server(tool, programs, certificates, port, tmp_path):
    """Starts `openssl s_server -WWW` with one file, /small.txt."""

    def start(*options):
        (tmp_path / "small.txt").write_bytes(b"x" * 13)
        programs.start([tool("openssl"), "s_server", "-accept", f"127.0.0.1:{port}", "-WWW", "-quiet", "-cert",
                        certificates / "good.crt", "-key", certificates / "good.key", *options], "s_server",
                       cwd=tmp_path)
        until(lambda: is_listening(port))

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
