"""nginx and openssl s_server against a client of ours, on both interpreters."""

import os
import socket

import pytest

from harness.interpreters import find_or_fail
from harness.playing import start_client
from harness.programs import free_port, until

# name of the certificate in the range
CERTIFICATES = ("good", "rsa")


def is_listening(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def nginx(tool, programs, certificates, tmp_path):
    """Starts an nginx with its files in a folder of the test's."""

    def start(protocol, certificate, port):
        program = tool("nginx")
        pages = tmp_path / "pages"
        pages.mkdir()
        (pages / "small").write_bytes(b"x" * 13)
        (pages / "large").write_bytes(b"x" * 300_000)
        for folder in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
            (tmp_path / folder).mkdir()
        os.chmod(tmp_path, 0o755)
        configuration = tmp_path / "nginx.conf"
        configuration.write_text(f"""
daemon off; master_process off; worker_processes 1; pid {tmp_path}/nginx.pid; error_log stderr warn;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {tmp_path}/body; proxy_temp_path {tmp_path}/proxy;
  fastcgi_temp_path {tmp_path}/fastcgi; uwsgi_temp_path {tmp_path}/uwsgi; scgi_temp_path {tmp_path}/scgi;
  gzip on;
  server {{
    listen 127.0.0.1:{port} ssl; server_name localhost; root {pages};
    ssl_certificate {certificates}/{certificate}.crt; ssl_certificate_key {certificates}/{certificate}.key;
    ssl_protocols {protocol};
    location = /chunked {{ ssi on; ssi_types *; default_type text/html; alias {pages}/chunked; }}
  }}
}}
""")
        (pages / "chunked").write_bytes(b"<!--# echo var='server_name' -->" + b"y" * 20_000)
        programs.start([program, "-p", str(tmp_path), "-e", "stderr", "-c", str(configuration)], "nginx")
        until(lambda: is_listening(port))

    return start


def is_stuck(interpreter, certificate, version):
    """Mbed TLS 3.6 as a client refuses RSA-PSS in a key exchange of TLS 1.2 (Mbed-TLS issue 10668, mended in 2026).

    Delete this when the oldest MicroPython we support has the mended one.
    """
    return interpreter.is_micropython and certificate == "rsa" and version.endswith("1.2")


@pytest.mark.parametrize("protocol", ["TLSv1.2", "TLSv1.3"])
@pytest.mark.parametrize("certificate", CERTIFICATES)
def test_our_client_reads_from_nginx(certificate, protocol, interpreter, nginx, programs, certificates, port):
    """Announced and chunked, small and larger than any buffer, and over one connection."""
    nginx(protocol, certificate, port)
    client = start_client(programs, interpreter, "third_party.asking", port, certificates, heap="4m",
                          paths=["/small", "/large", "/chunked", "/missing"], expects_error=True)
    said = client.lines_until_end()
    if is_stuck(interpreter, certificate, protocol):
        assert said == ["error rsa_signature_refused"]
        return
    assert client.wait() == 0, client.complaints
    assert said[0] == f"/small 200 13 {protocol}"
    assert said[1] == f"/large 200 300000 {protocol}"
    assert said[2] == f"/chunked 200 20009 {protocol}"
    assert said[3].startswith("/missing 404 ")
    assert said[4] == "sessions 1"


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("certificate", CERTIFICATES)
def test_our_client_reads_from_openssl(certificate, version, interpreter, tool, programs, certificates, tmp_path):
    """`s_server -WWW` serves files with no length: the end of the stream ends the body, and must be a true end."""
    port = free_port()
    (tmp_path / "small.txt").write_bytes(b"x" * 13)
    programs.start([tool("openssl"), "s_server", "-accept", f"127.0.0.1:{port}", "-WWW", "-quiet",
                    "-tls" + version.replace(".", "_"), "-cert", str(certificates / f"{certificate}.crt"),
                    "-key", str(certificates / f"{certificate}.key")], "s_server", cwd=tmp_path)
    until(lambda: is_listening(port))
    client = start_client(programs, interpreter, "third_party.asking", port, certificates, paths=["/small.txt"],
                          expects_error=True)
    said = client.lines_until_end()
    if is_stuck(interpreter, certificate, version):
        assert said == ["error rsa_signature_refused"]
        return
    assert client.wait() == 0, client.complaints
    assert said == [f"/small.txt 200 13 TLSv{version}", "sessions 3"]


@pytest.mark.micropython
def test_micropython_reads_over_tls_1_2_with_rsa_when_the_server_signs_as_mbedtls_likes(tool, programs, certificates,
                                                                                       tmp_path):
    """The way around Mbed-TLS issue 10668 for who has a server of his own: PKCS#1 v1.5."""
    port = free_port()
    (tmp_path / "small.txt").write_bytes(b"x" * 13)
    programs.start([tool("openssl"), "s_server", "-accept", f"127.0.0.1:{port}", "-WWW", "-quiet", "-tls1_2",
                    "-sigalgs", "RSA+SHA256", "-cert", str(certificates / "rsa.crt"),
                    "-key", str(certificates / "rsa.key")], "s_server", cwd=tmp_path)
    until(lambda: is_listening(port))
    client = start_client(programs, find_or_fail("micropython"), "third_party.asking", port, certificates,
                          paths=["/small.txt"])
    assert client.lines_until_end()[0] == "/small.txt 200 13 TLSv1.2"
