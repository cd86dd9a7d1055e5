"""The site of the pages, in Chromium, out of a folder: no server, no network, and the search finds."""

import pytest

from browser.devtools import Page
from harness.programs import until
from pages.building import build_site

SEARCH = """
document.querySelector("#__search").click()
query = document.querySelector("[data-md-component=search-query]")
query.focus()
query.value = "digest"
query.dispatchEvent(new Event("input", { bubbles: true }))
query.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }))
"""
FOUND = "[...document.querySelectorAll('.md-search-result__item h1')].map(found => found.textContent).join('|')"


@pytest.mark.slow
def test_the_site_is_read_and_searched_from_a_folder(chromium, programs, tmp_path):
    build_site(tmp_path / "site")
    command, environment = chromium()
    programs.start([*command, "--remote-debugging-port=0", "about:blank"], "chromium", environment=environment,
                   may_complain=True)
    profile = next(word.partition("=")[2] for word in command if word.startswith("--user-data-dir="))
    page = Page(tmp_path / profile)
    page.hear_complaints()

    def asked(script):
        return page.tell("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    page.tell("Page.navigate", url=(tmp_path / "site" / "api" / "server.html").as_uri())
    until(lambda: asked("document.readyState == 'complete' && !!document.querySelector('#__search')"))
    asked(SEARCH)
    assert "Who may ask" in until(lambda: asked(FOUND))
    assert page.complaints == []
    page.close()
