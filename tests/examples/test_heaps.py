"""Each application of examples/ serves in the heap that examples/README.md states, staged as a push brings it."""

import re

import pytest

from examples import heaps
from harness.interpreters import ROOT

README = (ROOT / "examples" / "README.md").read_text()
STATED = re.findall(r"^\| \[(\w+)\.py\].*\| (\d+) KB \|$", README, re.MULTILINE)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return heaps.make(tmp_path_factory.mktemp("made"))


def test_every_application_states_its_heap():
    assert {name for name, _ in STATED} == set(heaps.USES)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.micropython
@pytest.mark.parametrize(("name", "kilobytes"), STATED)
def test_an_application_serves_in_the_heap_it_states(name, kilobytes, programs, made, tmp_path):
    staged = heaps.stage(name, tmp_path / name, made)
    boards = heaps.boards_for(name, programs, tmp_path, made)
    assert heaps.serves(programs, staged, made, int(kilobytes), boards)
