"""examples/boot.py on MicroPython, with stand-ins for the two modules that only a board's firmware has."""

from pathlib import Path

import pytest

from examples.conftest import EXAMPLES
from harness.interpreters import find_or_fail

FIRMWARE = Path(__file__).with_name("firmware")
pytestmark = pytest.mark.micropython


@pytest.fixture
def boot(programs, tmp_path):
    """What a board says while it boots."""

    def run():
        (tmp_path / "boot.py").write_text((EXAMPLES / "boot.py").read_text().replace("PATIENCE = 20", "PATIENCE = 1"))
        program = programs.run(find_or_fail("micropython"), "-c", "import boot", cwd=tmp_path, name="boot",
                               environment={"MICROPYPATH": f".frozen:{tmp_path}:{FIRMWARE}"})
        lines = program.lines_until_end()
        assert program.wait() == 0, program.fail("failed")
        return lines

    return run


def test_a_board_joins_and_sets_its_clock(boot, tmp_path):
    (tmp_path / "access_point").write_text("3")
    (tmp_path / "time_server").touch()
    assert boot() == ["country DE", "joining your-ssid your-password", "...",
                      "Connected to your-ssid as 192.168.4.2", "the clock is set"]


def test_without_an_access_point_the_application_begins_all_the_same(boot):
    assert boot()[2:] == ["..........", "Not connected to your-ssid"]


def test_without_a_time_server_it_is_said(boot, tmp_path):
    (tmp_path / "access_point").write_text("0")
    assert boot()[-1].startswith("the clock is not set: ")
