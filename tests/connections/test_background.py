"""`server.background`: begun with the server, ended with it, its faults told."""

from pathlib import Path

LIFE = "started, begins, work in the background failed: broken, ends, stopped"
LAST = "begins, work in the background failed: broken, stops all, ends"


def test_what_runs_beside_a_server_lives_as_long_as_it_and_tells_its_fault(interpreter, programs, port):
    """The second life is as the first; the last is ended by its own background, which is added while it serves."""
    program = programs.run(interpreter, Path(__file__).with_name("beside_the_server.py"), port)
    assert program.lines_until_end() == [LIFE, LIFE, LAST]
    assert program.wait() == 0
