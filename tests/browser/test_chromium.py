"""Chromium loads the demonstration over HTTPS with the local CA in its store and no warning, and refuses without it.

The store is NSS's, in a home folder of the test's own: nothing of the machine's is changed. Screenshots are kept in
artefacts/tests for people to look at.
"""

import socket
import subprocess

import pytest

from harness.interpreters import ROOT
from harness.programs import until

SERVE = """import sys
sys.path.insert(0, {examples!r})
from device import server
from microhttps import Identity
server.identity = Identity({certificate!r}, {key!r})
server.host = "127.0.0.1"
server.port = {port}
server.run()
"""


@pytest.fixture
def demonstration(programs, interpreter, certificates, port, tmp_path):
    """examples/device.py served on each interpreter in turn; its URL."""
    script = tmp_path / "serve.py"
    script.write_text(SERVE.format(examples=str(ROOT / "examples"), certificate=str(certificates / "good.crt"),
                                   key=str(certificates / "good.key"), port=port))
    program = programs.run(interpreter, script, name=f"the demonstration on {interpreter}")

    def is_there():
        """The demonstration listens."""
        assert program.is_running(), program.fail("ended")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    until(is_there)
    return f"https://localhost:{port}/"


@pytest.fixture
def browse(chromium):
    """Opens a URL in a Chromium that believes the authority (or not); gives the page as it is after its scripts ran."""

    def open_page(url, trusted, screenshot=None):
        command, environment = chromium(trusted)

        def run(*more):
            return subprocess.run([*command, *more, url], env=environment, capture_output=True, timeout=100)

        if screenshot:
            run(f"--screenshot={screenshot}", "--virtual-time-budget=4000")
        page = run("--dump-dom", "--virtual-time-budget=4000")
        return page.stdout.decode(), page.stderr.decode()

    return open_page


def test_chromium_shows_the_demonstration_without_a_warning(demonstration, browse, interpreter, artefacts):
    screenshot = artefacts / f"demonstration-on-{interpreter}.png"
    screenshot.unlink(missing_ok=True)
    page, complaints = browse(demonstration, True, screenshot)
    assert "<title>Lamp</title>" in page, complaints
    # What only the page's script can have written, with an answer that came over HTTPS as well.
    assert "Connected over HTTPS." in page
    assert 'id="led-red"' in page and f">{interpreter} " in page.replace("<dd id=\"python\">", ">")
    assert "ERR_CERT" not in complaints and "SSL error" not in complaints
    assert screenshot.stat().st_size > 5000


def test_chromium_refuses_the_demonstration_when_it_does_not_know_the_authority(demonstration, browse):
    """The proof that the test above would fail if the certificate were not believed."""
    page, complaints = browse(demonstration, False)
    assert "Lamp" not in page
    assert "net_error -202" in complaints or "ERR_CERT_AUTHORITY_INVALID" in page + complaints


def test_chromium_gets_there_from_plain_http_on_the_secure_port(demonstration, browse, interpreter):
    """Who forgets the `s`: CPython says where the page is. Mbed TLS cannot, and then there is none."""
    page, complaints = browse(demonstration.replace("https:", "http:"), True)
    assert ("<title>Lamp</title>" in page) == (not interpreter.is_micropython), complaints
    assert ("Connected over HTTPS." in page) == (not interpreter.is_micropython)
