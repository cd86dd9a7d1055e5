"""`call_soon` over the life of a server; what it does while one runs is a scenario (queued_work)."""

from pathlib import Path


def test_queued_work_is_done_while_the_server_runs_and_refused_while_it_does_not(interpreter, programs, port):
    program = programs.run(interpreter, Path(__file__).with_name("queued_and_stopped.py"), port)
    assert program.lines_until_end() == ["[0, 'not_started', 1, 'not_started', 2, 'not_started'] 0 []"]
    assert program.wait() == 0
