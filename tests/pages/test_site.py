"""The site: built without a warning, every link leads somewhere, nothing comes from elsewhere, and all is there."""

import importlib
import inspect
import os
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import microhttps
from harness.interpreters import ROOT
from microhttps_host.board.modules import NAMED

from .building import build_site

PUBLIC = [(None, name) for name in [*microhttps._ROOMS, *microhttps._ERRORS]] + [
    (module, name) for module, names in NAMED.items() for name in names]


class Page(HTMLParser):
    """The anchors, the links and what else a page loads."""

    def __init__(self, path):
        super().__init__()
        self.anchors, self.links, self.loaded = {""}, [], []
        self.feed(path.read_text())

    def handle_starttag(self, tag, attributes):
        facts = dict(attributes)
        self.anchors.update(facts[name] for name in ("id", "name") if facts.get(name))
        if tag == "a" and facts.get("href"):
            self.links.append(facts["href"])
        self.loaded += [facts[name] for name in ("src", "href") if facts.get(name) and tag not in ("a", "base")
                        and facts.get("rel") not in ("canonical", "next", "prev", "edit")]  # fmt: skip


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Where the site is, {path within it: Page}."""
    folder = tmp_path_factory.mktemp("site")
    build_site(folder)
    return folder, {path.relative_to(folder).as_posix(): Page(path) for path in folder.rglob("*.html")}


def test_every_link_leads_to_a_page_and_to_a_place_in_it(site):
    folder, pages = site
    lost = []
    for name, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or name == "404.html":
                continue
            target = os.path.normpath(Path(name).parent / unquote(parts.path)) if parts.path else name
            if not (folder / target).exists():
                lost.append((name, link))
            elif target in pages and unquote(parts.fragment) not in pages[target].anchors:
                lost.append((name, link))
    assert lost == []


def test_nothing_is_loaded_from_elsewhere(site):
    """It is read on a boat, too, and tells nobody what is read."""
    for name, page in site[1].items():
        assert [link for link in page.loaded if urlsplit(link).scheme or link.startswith("//")] == [], name
    for style in site[0].rglob("*.css"):
        assert "url(http" not in style.read_text() and "@import" not in style.read_text(), style


def test_every_page_of_docs_and_every_example_is_there(site):
    folder, _ = site
    for path in (ROOT / "docs").rglob("*.md"):
        assert (folder / path.relative_to(ROOT / "docs").with_suffix(".html")).exists(), path
    for path in (ROOT / "examples").rglob("*.py"):
        assert path.name == "__init__.py" or (folder / path.relative_to(ROOT)).with_name(path.name + ".html").exists()


@pytest.mark.parametrize("module, name", PUBLIC, ids=[f"{module or ''}.{name}" for module, name in PUBLIC])
def test_every_public_name_is_described_and_in_the_reference(module, name, site):
    found = getattr(importlib.import_module("microhttps." + module) if module else microhttps, name)
    assert inspect.getdoc(found), name
    anchor = f"{found.__module__}.{name}"
    assert any(anchor in page.anchors for path, page in site[1].items() if path.startswith("api/")), anchor
    for member, value in vars(found).items() if isinstance(found, type) else ():
        if not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, (property, classmethod))):
            assert inspect.getdoc(value), f"{name}.{member}"
