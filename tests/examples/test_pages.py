"""The pages of the applications in examples/, in Chromium: what they show, what their buttons do, on every width."""

import hashlib
import os
import shutil

import pytest

from examples.conftest import press_ctrl_c
from examples.visiting import shows, text
from harness.programs import free_port, is_listening, until

PASSWORD = "a-password-of-this-test"


@pytest.fixture
def here(here, certificates):
    """As ever, with the certificate that the browser believes, and a password."""
    for kind in ("crt", "key"):
        shutil.copy(certificates / f"good.{kind}", here / f"device.{kind}")
    (here / "password.txt").write_text(PASSWORD)
    return here


def test_the_dashboard_draws_the_readings_as_they_come_and_comes_back_after_a_restart(serve_example, visit, look, port):
    server = serve_example("dashboard", EVERY=0.2)
    pages = [visit(f"https://localhost:{port}/"), visit(f"https://localhost:{port}/")]
    for page in pages:
        shows(page, "2", "section:nth-child(2) p")
        until(lambda: page.run("document.querySelector('path').getAttribute('d')").count("L") > 5)  # noqa: B023
        assert "°C" in page.run("document.querySelector('svg').ariaLabel")
    look(pages[0], "dashboard")
    press_ctrl_c(server)
    shows(pages[0], "Trying again…")
    serve_example("dashboard", EVERY=0.2)
    shows(pages[0], "Live.")


def test_what_one_phone_sets_the_other_shows_before_and_after_a_restart(serve_example, visit, look, port):
    server = serve_example("thermostat", EVERY=0.2)
    url = f"https://home:{PASSWORD}@localhost:{port}/"
    one, other = visit(url), visit(url)
    shows(other, "19.0°")
    one.run("document.querySelector('#more').click()")
    shows(other, "19.5°")
    other.run("range.value = 24; range.dispatchEvent(new Event('input')); range.dispatchEvent(new Event('change'))")
    shows(one, "24.0°")
    look(one, "thermostat")
    press_ctrl_c(server)
    shows(one, "Trying again…")
    assert one.run("document.querySelector('#more').disabled") is True
    serve_example("thermostat", EVERY=0.2)
    shows(one, "All who look at this see the same.")
    assert "24.0°" in text(one)
    one.run("document.querySelector('#less').click()")
    shows(other, "23.5°")


def test_the_form_sends_firmware_and_says_how_it_goes(serve_example, visit, look, port, here):
    server = serve_example("firmware_update")
    (here / "new.bin").write_bytes(os.urandom(3_000_000))
    page = visit(f"https://admin:{PASSWORD}@localhost:{port}/")
    shows(page, "Version 1.0 is running.")
    choose(page, here / "new.bin")
    page.run("document.querySelector('form').requestSubmit()")
    shows(page, "It has come whole, and is activated.")
    assert page.run("document.querySelector('progress').value") == 1
    look(page, "firmware")
    assert server.line_that("activated")
    assert hashlib.sha256((here / "firmware.bin").read_bytes()).digest() == hashlib.sha256(
        (here / "new.bin").read_bytes()).digest()
    (here / "large.bin").write_bytes(b"x" * (4 * 1024 * 1024 + 1))
    choose(page, here / "large.bin")
    page.run("document.querySelector('form').requestSubmit()")
    shows(page, "larger than the 4.2 MB that may come")


def choose(page, path):
    """As the user does in the dialog for files."""
    found = page.tell("DOM.querySelector", nodeId=page.tell("DOM.getDocument")["root"]["nodeId"], selector="#file")
    page.tell("DOM.setFileInputFiles", files=[str(path)], nodeId=found["nodeId"])


def test_the_portal_is_filled_in_and_moves_to_https(run_example, visit, look, port, here):
    plain = free_port()
    server = run_example("portal", **{"HTTP": plain, "HTTPS": port, "DNS": free_port(), "portal.port": plain,
                                      "portal.host": "127.0.0.1", "site.host": "127.0.0.1", "site.port": port,
                                      "site.settings.redirect_port": plain})
    assert server.line() == "portal"
    page = visit(f"http://127.0.0.1:{plain}/generate_204")
    assert page.run("location.pathname") == "/"
    assert page.run("[...document.querySelectorAll('option')].map(one => one.value)") == ["home", "a <neighbour>"]
    look(page, "portal")
    page.run("document.querySelector('#name').value = 'home';"
             "document.querySelector('#passphrase').value = 'correct horse'; document.forms[0].requestSubmit()")
    shows(page, "The lamp leaves here and joins home.")
    assert server.line() == "serving"
    until(lambda: is_listening(port))
    moved = visit(f"https://admin:{PASSWORD}@localhost:{port}/")
    assert moved.open(f"http://localhost:{plain}/") == ""
    shows(moved, "The lamp is in home.")
    assert moved.run("location.origin") == f"https://localhost:{port}"
