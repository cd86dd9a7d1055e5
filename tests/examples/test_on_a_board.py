"""Examples pushed as for a board, and run from there by a 32-bit MicroPython with the heap of a small ESP32."""

import os
import subprocess
import sys

import pytest

from examples.conftest import EXAMPLES
from examples.howsmyssl import HowsMySsl
from harness.interpreters import find_or_fail
from harness.programs import is_listening, until

pytestmark = [pytest.mark.slow, pytest.mark.micropython, pytest.mark.timeout(600)]  # each push compiles the runtime
HEAP = "110k"  # what an ESP32 without further memory has for Python


@pytest.fixture
def microhttps(here, made):
    """The command, in this folder."""

    def run(*arguments):
        environment = {**os.environ, "MICROHTTPS_HOME": str(made / "home")}
        done = subprocess.run([sys.executable, "-m", "microhttps_host", *arguments], cwd=here, env=environment,
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    return run


@pytest.fixture
def pushed(here, microhttps, programs):
    """An example on a board, which is started: its places are others, and its authority is ours."""

    def start(name, *beside, **changes):
        for each in (name, *beside):
            text = (EXAMPLES / f"{each}.py").read_text().replace("Trust.public()", 'Trust.load("ca.crt")')
            for old, new in changes.items():
                text = text.replace(old, str(new))
            (here / f"{each}.py").write_text(text)
        microhttps("push", "--to", "stage", f"{name}.py")
        return programs.start(find_or_fail("micropython32").command("main.py", heap=HEAP), name, cwd=here / "stage",
                              environment={**os.environ, "MICROPYPATH": ".frozen:lib"})

    return start


def test_the_check_of_its_tls(pushed, here):
    with HowsMySsl(here / "device.crt", here / "device.key") as site:
        program = pushed("check_my_tls", **{"www.howsmyssl.com": f"localhost:{site.port}"})
        line, = program.lines_until_end()
    assert line.startswith("TLS 1.3: Probably Okay, ")


def test_the_server_that_follows_the_network(pushed, curl, port):
    program = pushed("network_server", **{"8443": port})
    program.line_that("the server has started")
    assert curl("/", "--cert", "alice.crt", "--key", "alice.key") == (0, "<h1>Hello Secure World!</h1>")
    assert curl("/")[0] != 0
    program.line_that("refused: 127.0.0.1 no_client_certificate")


def test_the_server_that_polls_and_the_module_beside_it(pushed, curl, port):
    pushed("socket_polling_server", "socket_temperature_server", **{"8443": port}).line_that("ready")
    assert "degrees" in until(lambda: curl("/")[1])


def test_the_events_of_a_client_and_why_it_failed(pushed, port):
    program = pushed("event_client", **{"api.weather.gov": f"localhost:{port}"})
    lines = program.lines_until_end()
    assert lines[0] == "failed: refused" and len(lines) == 5 and lines[-1] == "closed"


def test_the_server_with_a_key_in_the_program(pushed, microhttps, curl, here, port):
    microhttps("embed", "device")
    for kind in ("crt", "key"):
        (here / f"device.{kind}").unlink()
    program = pushed("embedded_key_server", **{"8443": port})
    until(lambda: is_listening(port) or not program.is_running())
    assert curl("/") == (0, "<h1>My key came with my program</h1>")
