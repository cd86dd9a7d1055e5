"""examples/README.md is the map of this folder, and each file says what it is and how it is run."""

import ast
import re

import pytest

from examples.conftest import EXAMPLES

MAP = (EXAMPLES / "README.md").read_text()
FILES = sorted(EXAMPLES.glob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_is_on_the_map_and_says_how_it_is_run(file):
    assert f"[{file.name}]({file.name})" in MAP
    source = file.read_text()
    text = ast.get_docstring(ast.parse(source)) or ""
    assert text
    if "__main__" in source:
        assert re.search(rf"^    .*{file.name}", text, re.MULTILINE), "how is it run?"


def test_every_link_of_the_map_leads_somewhere():
    for link in re.findall(r"\]\(([^)#:]+)\)", MAP):
        assert (EXAMPLES / link).exists(), link
