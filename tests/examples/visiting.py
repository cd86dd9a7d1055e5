"""Chromium for the pages of the examples: its fixtures are those of conftest. Pictures are left in artefacts/tests."""

import re

import pytest

from browser.conftest import chromium  # noqa: F401, a fixture, which comes along
from browser.devtools import PATIENCE, Page
from harness.programs import until


@pytest.fixture
def visit(chromium, programs, tmp_path):  # noqa: F811
    """Opens pages, each in a tab of its own."""
    command, environment = chromium()
    opened = []

    def go(url):
        if not opened:
            programs.start([*command, "--remote-debugging-port=0", "about:blank"], name="chromium",
                           environment=environment, may_complain=True)
        page = Page(tmp_path / "home-trusting" / "profile")
        opened.append(page)
        assert page.open(url) == ""
        if "@" in url:  # as if the password had been asked for: the browser knows it now, and it is not in the address
            assert page.open(re.sub("//.*@", "//", url)) == ""
        return page

    yield go
    for page in opened:
        page.close()


@pytest.fixture
def look(artefacts):
    """Looks at a page in all widths and colours: nothing is wider than a small phone, all that is used has a name."""

    def take_pictures(page, name):
        page.tell("Page.bringToFront")
        for colours in ("light", "dark"):
            page.picture(artefacts / f"{name}-{colours}.png", colours=colours)
            page.picture(artefacts / f"{name}-wide-{colours}.png", 1000, 700, colours)
        page.tell("Emulation.setDeviceMetricsOverride", width=320, height=600, deviceScaleFactor=1, mobile=True)
        assert page.run("document.documentElement.scrollWidth") <= 320
        assert page.run("[...document.querySelectorAll('button, input, progress, svg')].every(one => one.ariaLabel"
                        " || one.labels?.length || one.innerText)")

    return take_pictures


def text(page, selector="body"):
    return page.run(f"document.querySelector('{selector}').innerText") or ""


def shows(page, words, selector="body"):
    """Wait for these words."""
    until(lambda: words in text(page, selector), PATIENCE)
