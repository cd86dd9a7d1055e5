"""From a warning to none, as somebody goes there: the page's button says no, `ca trust`, and then it says yes.

The Chromium and its store are in a home folder of the test's own.
"""

import json
import os
import subprocess
import sys

import pytest

from harness.programs import until

from .devtools import PATIENCE, Page

COMMAND = [sys.executable, "-m", "microhttps_host"]
GUARDED = """
from microhttps import Server
from microhttps.auth_basic import BasicAuth
server = Server()
server.use(BasicAuth({"ann": "a long password of hers"}))

@server.get("/")
def hello(request):
    return "hello"
"""


@pytest.fixture
def served(programs, tmp_path, port):
    """Starts `microhttps serve`; what it tells programs of itself."""

    def start(*arguments):
        program = programs.start([*COMMAND, "serve", *arguments, "--port", str(port), "--ca-port", "0", "--json"],
                                 environment=environment(tmp_path), name="microhttps serve")
        start.program = program
        return json.loads(program.line_that('{"event": "serving"'))

    return start


def environment(folder, home=None):
    return {**os.environ, "MICROHTTPS_HOME": str(folder / "state"), **({"HOME": str(home)} if home else {})}


@pytest.fixture
def browser(chromium, programs, tmp_path):
    """Starts the same Chromium, again with the same home; gives a page of it."""
    command, variables = chromium(trusted=False)
    started = []

    def start():
        for page, program in started:
            page.close()
            program.process.terminate()
            program.process.wait(PATIENCE)
        profile = tmp_path / "home" / "profile"
        (profile / "DevToolsActivePort").unlink(missing_ok=True)
        program = programs.start([*command, "--remote-debugging-port=0", "about:blank"], name="chromium",
                                 environment=variables, may_complain=True)
        page = Page(profile)
        started.append((page, program))
        return page

    yield start
    for page, _ in started[-1:]:
        page.close()


def press(page):
    """Press the button; the class and the words of what it says."""
    page.run("document.getElementById('test').click()")
    until(lambda: page.run("document.getElementById('result').className") != "", PATIENCE)
    return page.run("document.getElementById('result').className"), page.run(
        "document.getElementById('result').textContent")


def ca(tmp_path, command):
    done = subprocess.run([*COMMAND, "ca", command, "--only", "nss", "--json"], capture_output=True, text=True,
                          env=environment(tmp_path, tmp_path / "home"), timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return {store["state"] for store in json.loads(done.stdout)["stores"]}


def page_of(facts):
    return f"http://localhost:{facts['ca_page'].rpartition(':')[2]}"


@pytest.mark.parametrize("workers", [None, 2])
def test_before_a_warning_and_no_after_trust_none_and_yes(served, browser, workers, tmp_path, artefacts):
    facts = served(*(["--workers", str(workers)] if workers else []))
    page = browser()
    assert page.open(facts["urls"][0]) == "net::ERR_CERT_AUTHORITY_INVALID"
    assert page.open(page_of(facts)) == ""
    kind, words = press(page)
    assert (kind, words.startswith("No: this browser does not trust")) == ("no", True)

    assert ca(tmp_path, "trust") == {"trusted"}
    page = browser()
    assert page.open(facts["urls"][0]) == ""
    assert page.run("document.title") == "Lamp"
    assert page.open(page_of(facts)) == ""
    kind, words = press(page)
    assert (kind, words.startswith("Yes: this browser trusts this server.")) == ("yes", True)
    for colours in ("light", "dark"):
        page.picture(artefacts / f"ca-page-{colours}.png", colours=colours)

    assert ca(tmp_path, "untrust") == {"no longer trusted"}
    assert browser().open(facts["urls"][0]) == "net::ERR_CERT_AUTHORITY_INVALID"


def test_an_application_that_guards_everything_is_trusted_too(served, browser, tmp_path):
    (tmp_path / "guarded.py").write_text(GUARDED)
    facts = served("guarded.py")
    ca(tmp_path, "trust")
    page = browser()
    page.open(page_of(facts))
    assert press(page)[0] == "yes"


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_kept_from_the_page(served, browser, tmp_path):
    """The policy lets the page's own style and script through, and no other script."""
    page = browser()
    page.tell("Runtime.enable")
    page.open(page_of(served()))
    assert page.run("getComputedStyle(document.querySelector('button')).minHeight") == "48px"
    assert page.run("performance.getEntriesByType('resource').length") == 0
    assert page.run("""(() => { const more = document.createElement("script"); more.textContent = "window.more = 1";
        document.body.append(more); return String(window.more) })()""") == "undefined"
    assert page.run("document.querySelectorAll('details[open] summary').length") == 1
    assert page.run("document.querySelector('details').id") == "linux"
    # As wide as a small phone: nothing is wider than the screen.
    page.tell("Emulation.setDeviceMetricsOverride", width=320, height=600, deviceScaleFactor=1, mobile=True)
    assert page.run("document.documentElement.scrollWidth") <= 320
    assert page.run("[...document.querySelectorAll('button, summary, a.load')].filter(one => one.offsetHeight > 0)"
                    ".every(one => one.offsetHeight >= 44)") is True


def test_a_server_that_is_gone_and_a_name_that_is_not_ours_are_other_words(served, browser):
    facts = served()
    page = browser()
    page.open(page_of(facts).replace("localhost", "lamp.localhost"))
    assert "the certificate is not for lamp.localhost" in press(page)[1]
    page.open(page_of(facts))
    served.program.reap()
    assert press(page) == ("no", "The server does not answer any more. Is it still running?")
