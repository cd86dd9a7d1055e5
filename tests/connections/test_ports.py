"""The setting `reuse_port`: several listeners on one port, where the system has that, and a clear error elsewhere."""

from pathlib import Path

from harness.interpreters import find_or_fail


def said(programs, name, port):
    program = programs.run(find_or_fail(name), Path(__file__).with_name("sharing.py"), port)
    lines = program.lines_until_end()
    assert program.wait() == 0
    return lines


def test_two_listeners_that_both_say_so_share_a_port_and_a_third_does_not(programs, port):
    first, second, third = said(programs, "cpython", port)
    assert (first, second) == ("listens", "listens")
    assert third.startswith("port_in_use")


def test_micropython_has_no_shared_ports_and_says_so(programs, port):
    first, second, third = said(programs, "micropython", port)
    assert first == second
    assert first.startswith("cannot_share_port this system has no port that several processes may listen on")
    assert "setting=reuse_port" in first
    assert third == "listens"
