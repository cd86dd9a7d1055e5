"""Servers of other people to be checked, and the command itself."""

import os
import subprocess
import sys

import pytest
from aiosmtpd.controller import Controller

from badssl.conftest import served, served_old  # noqa: F401, fixtures
from harness.nginx import start_servers
from harness.programs import free_port, is_listening, until
from microhttps_host.check.course import check
from microhttps_host.check.target import read_target
from microhttps_host.check.visit import Options

COMMAND = [sys.executable, "-m", "microhttps_host", "check"]


@pytest.fixture
def look(certificates):
    """Checks a URL in this process, believing the tests' authority; gives the report."""

    def look_at(url, name="localhost", trust="ca", **options):
        return check(read_target(url, name), Options(cacert=str(certificates / f"{trust}.crt"), **options))

    return look_at


@pytest.fixture
def run(tmp_path):
    """Runs the command; gives its status and what it said on stdout and on stderr."""

    def run_it(*arguments, **options):
        environment = {**os.environ, "MICROHTTPS_HOME": str(tmp_path / "home"), "COLUMNS": "80"}
        done = subprocess.run([*COMMAND, *map(str, arguments)], cwd=tmp_path, env=environment, capture_output=True,
                              text=True, timeout=90, **options)
        assert "Traceback" not in done.stderr + done.stdout, done.stderr
        return done.returncode, done.stdout, done.stderr

    return run_it


@pytest.fixture
def nginx(programs, tmp_path):
    """Starts nginx with these `server` blocks; waits until it listens on the port."""
    return lambda servers, port: start_servers(programs, tmp_path, servers, port)


@pytest.fixture
def pages(nginx, certificates, tmp_path):
    """nginx with a page for each status and redirect; gives its ports, the secure one and the one in the clear."""
    port, plain = free_port(), free_port()
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "large").write_text("x" * 40000)
    (tmp_path / "www" / "locked").write_text("here")
    (tmp_path / "passwords").write_text("ann:{PLAIN}s@cret\n")
    nginx(f"""server {{
      listen 127.0.0.1:{port} ssl http2; ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate {certificates}/good.crt;
      ssl_certificate_key {certificates}/good.key;
      location / {{ return 200 "here"; }}
      location /large {{ root {tmp_path}/www; }}
      location /agent {{ if ($http_user_agent = "") {{ return 403 "Access Denied"; }} return 200 "here"; }}
      location /forbidden {{ return 403; }}
      location /password {{ add_header WWW-Authenticate 'Basic realm="lamps"' always; return 401; }}
      location /locked {{ root {tmp_path}/www; auth_basic "lamps"; auth_basic_user_file {tmp_path}/passwords; }}
      location /often {{ add_header Retry-After 30 always; return 429; }}
      location /other {{ return 421; }}
      location /down {{ return 503; }}
      location /none {{ return 404; }}
      location /hsts {{ add_header Strict-Transport-Security "max-age=31536000" always; return 200 "here"; }}
      location /first {{ return 301 /second; }}
      location /second {{ return 302 https://localhost:{port}/; }}
      location /plain {{ return 301 http://localhost:{plain}/; }}
      location /round {{ return 302 /round; }}
      location /gone {{ return 301 https://localhost:{free_port()}/; }}
    }}
    server {{ listen 127.0.0.1:{plain}; location / {{ return 301 https://localhost:{port}/; }}
              location /clear {{ return 200 "here"; }} }}""", port)
    return port, plain


@pytest.fixture
def broker(tool, programs, certificates, tmp_path):
    """A mosquitto over TLS that lets ann in with her password, and one in the clear; gives their ports."""
    port, plain, open_port = free_port(), free_port(), free_port()
    passwords = tmp_path / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, "ann", "secret"], check=True)
    tls = f"certfile {certificates}/good.crt\nkeyfile {certificates}/good.key\n"
    configuration = tmp_path / "mosquitto.conf"
    configuration.write_text(
        "per_listener_settings true\npersistence false\nlog_dest stderr\nuser root\n"
        f"listener {port} 127.0.0.1\n{tls}allow_anonymous false\npassword_file {passwords}\n"
        f"listener {open_port} 127.0.0.1\n{tls}allow_anonymous true\n"
        f"listener {plain} 127.0.0.1\nallow_anonymous true\n")
    program = programs.start([tool("mosquitto"), "-c", configuration], "mosquitto")
    for each in (port, plain, open_port):
        until(lambda each=each: is_listening(each) or not program.is_running())
    return {"password": port, "open": open_port, "plain": plain}


@pytest.fixture
def mail(certificates):
    """aiosmtpd on a port of its own; with `tls=False` it has no STARTTLS."""
    import ssl

    started = []

    def start(certificate="good", tls=True):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates / f"{certificate}.crt", certificates / f"{certificate}.key")
        port = free_port()
        controller = Controller(None, hostname="127.0.0.1", port=port, tls_context=context if tls else None)
        controller.start()
        started.append(controller)
        return port

    yield start
    for controller in started:
        controller.stop()
