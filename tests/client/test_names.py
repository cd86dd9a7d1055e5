"""Names: a name server that does not answer keeps nobody waiting beyond the `connect_timeout`."""

from pathlib import Path

from harness.interpreters import find_or_fail


def test_who_waits_for_an_address_waits_no_longer_than_the_connect_timeout(programs):
    """On CPython: a board's own resolver blocks, and has its own deadline."""
    asker = programs.run(find_or_fail("cpython"), Path(__file__).parent / "slow_names.py")
    assert asker.lines_until_end() == ["DeadlineError deadline connect_timeout lost.example resolving False"]
    assert asker.wait() == 0
