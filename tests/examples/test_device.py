"""examples/device.py, the demonstration: the same file on both interpreters, asked by curl."""

import json
import re

import pytest


@pytest.fixture(params=["", ".der"], ids=["PEM", "DER"])
def device(request, serve_example, curl, certificates, here):
    """Asks the demonstration on each interpreter: a path and more arguments for curl; gives what curl printed."""
    for kind in ("crt", "key"):
        (here / f"device.{kind}").write_bytes((certificates / f"good.{kind}{request.param}").read_bytes())
    serve_example("device", **{"server.identity": {"identity": ["device.crt", "device.key"]}})
    return lambda path, *options: curl(path, *options, trust=certificates / "ca.crt")[1]


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
