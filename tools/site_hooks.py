"""What `mkdocs build` does besides: the examples become pages, and links into the repository lead to pages of the site.

In the repository a page links to `../examples/device.py`, which the site has not: there the file is a page with its
text. A page of docs that mkdocs.yml has not placed yet stands at the end of the navigation, so that none is lost.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
DOCS, EXAMPLES = ROOT / "docs", ROOT / "examples"
LINK = re.compile(r"(\]\()([^)\s#:]+)((?:#[^)\s]*)?\))")
MARK = re.compile(r"^<!-- .* -->\n", re.MULTILINE)  # what becomes of a block in the tests: no affair of readers
LANGUAGES = {".py": "python", ".pyi": "python", ".sh": "sh", ".toml": "toml", ".json": "json"}
EXAMPLES_PAGE = "examples/index.md"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Place the examples, and whatever page has no place."""
    placed = set(_placed(config.nav))
    nav: list[Any] = list(config.nav or [])
    rest = [name for path in sorted(DOCS.rglob("*.md")) if (name := path.relative_to(DOCS).as_posix()) not in placed]
    examples: list[Any] = [EXAMPLES_PAGE, *(_page_of(path) for path in _examples())]
    nav.insert(2, {"Examples": examples})
    config.nav = nav + ([{"More": rest}] if rest else [])
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the examples and every file of the repository that a page links to."""
    wanted = dict.fromkeys(_examples())
    for page in [*DOCS.rglob("*.md"), EXAMPLES / "README.md"]:
        for path in _files_linked(page):
            wanted[path] = None
    for path in wanted:
        files.append(File.generated(config, _page_of(path), content=_shown(path)))
    readme = EXAMPLES / "README.md"
    text = readme.read_text() if readme.is_file() else "# Examples\n\n" + "".join(
        f"- [{path.name}]({path.name}): {_first_line(path)}\n" for path in _examples())
    files.append(File.generated(config, EXAMPLES_PAGE, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links out of docs to the pages that stand for those files, and drop the marks of the tests."""
    here = EXAMPLES if page.file.src_uri == EXAMPLES_PAGE else (DOCS / page.file.src_uri).parent
    if page.file.src_uri != EXAMPLES_PAGE and not (DOCS / page.file.src_uri).is_file():
        return markdown  # a file as it is

    def led(match: re.Match[str]) -> str:
        target = Path(os.path.normpath(here / match[2]))
        if not target.exists() or here == target.parent and here == DOCS:
            return match[0]
        name = target.relative_to(DOCS).as_posix() if target.is_relative_to(DOCS) else _page_of(target)
        return match[1] + os.path.relpath(name, Path(page.file.src_uri).parent) + match[3]

    return LINK.sub(led, MARK.sub("", markdown))


def _placed(nav: Any) -> Iterator[str]:
    """Every page that the navigation names."""
    for entry in nav.values() if isinstance(nav, dict) else nav or ():
        if isinstance(entry, str):
            yield entry
        else:
            yield from _placed(entry)


def _examples() -> list[Path]:
    return sorted(path for path in EXAMPLES.rglob("*.py") if path.name != "__init__.py")


def _files_linked(page: Path) -> Iterator[Path]:
    if page.is_file():
        for _, target, _ in LINK.findall(page.read_text()):
            path = Path(os.path.normpath(page.parent / target))
            if path.is_file() and not path.is_relative_to(DOCS) and path not in (ROOT / "README.md",
                                                                                  EXAMPLES / "README.md"):
                yield path


def _page_of(path: Path) -> str:
    """The page that stands for a file or a folder outside docs."""
    if path == ROOT / "README.md":
        return "index.md"
    if path in (EXAMPLES, EXAMPLES / "README.md"):
        return EXAMPLES_PAGE
    return ("" if path.is_relative_to(EXAMPLES) else "files/") + path.relative_to(ROOT).as_posix() + ".md"


def _shown(path: Path) -> str:
    language = LANGUAGES.get(path.suffix, "text")
    title = path.relative_to(ROOT).as_posix()
    return f"---\ntitle: {path.name}\n---\n\n# {title}\n\n~~~~~~{language}\n{path.read_text()}~~~~~~\n"


def _first_line(path: Path) -> str:
    return path.read_text().lstrip('"').split("\n", 1)[0].rstrip('"')
