"""docs/routes.md says what ESP-IDF's templates take and how they are written here: each row is tried on both rules."""

import re
from pathlib import Path

import pytest

from microhttps.routing.routes import Routes

PAGE = Path(__file__).resolve().parents[2] / "docs" / "routes.md"


def rows():
    """(ESP-IDF's template, ours, path, whether it is taken) of each path of each row."""
    section = PAGE.read_text().split("## ESP-IDF's templates beside ours")[1].split("\n## ")[0]
    for line in section.splitlines():
        cells = [re.findall(r"`([^`]+)`", cell) for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            theirs, ours = cells[0][0], cells[1][0]
            for taken, paths in ((True, cells[2]), (False, cells[3])):
                yield from ((theirs, ours, path, taken) for path in paths)


def is_taken_by_esp_idf(template, path):
    """httpd_uri_match_wildcard as it is documented: `*` any tail, `?` the character before it may be missing."""
    ending = template[len(template.rstrip("?*")):]
    begin = template.rstrip("?*")
    if "?" in ending and path == begin[:-1]:
        return True
    return path.startswith(begin) if "*" in ending else path == begin


@pytest.mark.parametrize(("theirs", "ours", "path", "taken"), list(rows()))
def test_a_template_of_esp_idf_takes_what_the_page_says(theirs, ours, path, taken):
    assert is_taken_by_esp_idf(theirs, path) is taken


@pytest.mark.parametrize(("theirs", "ours", "path", "taken"), list(rows()))
def test_our_pattern_takes_what_the_page_says(theirs, ours, path, taken):
    routes = Routes()
    routes.add(ours, ("GET",), print)
    assert routes.find("GET", path)[3] == (200 if taken else 404)


def test_the_page_has_a_row_for_each_of_esp_idfs_endings():
    endings = {theirs[len(theirs.rstrip("?*")):] for theirs, *_ in rows()}
    assert endings == {"", "?", "*", "?*", "*?"}
