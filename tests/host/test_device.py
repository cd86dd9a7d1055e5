"""The demonstration, examples/device.py: the same file on both interpreters, asked by curl."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from harness.programs import until

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
# As the file's own end does, with another port: the usual one may be in use.
RUNNER = f"""
import sys
sys.path.insert(0, {str(EXAMPLES)!r})
import device
from microhttps import Identity
device.server.identity = Identity("device.crt", "device.key")
device.server.port = int(sys.argv[1])
device.server.run()
"""


@pytest.fixture(params=["PEM", "DER"])
def device(interpreter, certificates, port, programs, tmp_path, request):
    """Asks the demonstration on each interpreter: a path and more arguments for curl; gives what curl printed."""
    ending = {"PEM": "", "DER": ".der"}[request.param]
    for name in ("crt", "key"):
        (tmp_path / f"device.{name}").write_bytes((certificates / f"good.{name}{ending}").read_bytes())
    runner = tmp_path / "runner.py"
    runner.write_text(RUNNER)
    programs.run(interpreter, runner, port)

    def ask(path, *arguments):
        command = ["curl", "-sS", "--cacert", certificates / "ca.crt", f"https://localhost:{port}{path}", *arguments]
        return subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=30)

    until(lambda: ask("/status").returncode == 0)
    return lambda *arguments: ask(*arguments).stdout


def test_the_page_is_one_answer_that_needs_nothing_from_elsewhere(device):
    page = device("/", "-i")
    head, _, body = page.partition("\n\n") if "\r" not in page else page.partition("\r\n\r\n")
    assert "Content-Type: text/html; charset=utf-8" in head
    assert "Content-Security-Policy: default-src 'none'" in head
    assert body.startswith("<!doctype html>") and body.rstrip().endswith("</html>")
    assert not re.search(r"(src|href)=\"?(https?:|//)", body)


def test_the_status_is_json(device):
    status = json.loads(device("/status"))
    assert set(status) == {"leds", "temperature", "uptime", "memory", "python"}
    assert status["leds"] == {"red": False, "green": True, "blue": False}
    assert 15 < status["temperature"] < 30


def test_a_led_is_read_and_set(device):
    assert json.loads(device("/led/red")) == {"led": "red", "on": False}
    assert json.loads(device("/led/red", "-d", "on")) == {"led": "red", "on": True}
    assert json.loads(device("/led/red")) == {"led": "red", "on": True}
    assert json.loads(device("/led/red", "-d", "off")) == {"led": "red", "on": False}


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["/led/pink"], 404),
        (["/led/pink", "-d", "on"], 404),
        (["/led/red", "-d", "perhaps"], 400),
        (["/nowhere"], 404),
        (["/status", "-X", "DELETE"], 405),
    ],
)
def test_what_it_cannot_do_has_its_status(device, arguments, status):
    assert device(*arguments, "-o", "/dev/null", "-w", "%{http_code}") == str(status)
