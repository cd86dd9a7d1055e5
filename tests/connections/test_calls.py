"""`call_soon` over the life of a server; what it does while one runs is a scenario (queued_work)."""

import asyncio
from pathlib import Path

import pytest

from microhttps import Server, UsageError


def test_queued_work_is_done_while_the_server_runs_and_refused_while_it_does_not(interpreter, programs, port):
    program = programs.run(interpreter, Path(__file__).with_name("queued_and_stopped.py"), port)
    assert program.lines_until_end() == ["[0, 'not_started', 1, 'not_started', 2, 'not_started'] 0 []"]
    assert program.wait() == 0


def test_a_server_whose_loop_has_ended_is_none_that_runs():
    """Nobody called stop(): the thread that has work for it must still hear that it will not be done."""
    server = Server(transport="insecure", host="127.0.0.1", port=0)
    asyncio.run(server.start())
    with pytest.raises(UsageError) as refusal:
        server.call_soon(print, "never")
    assert refusal.value.code == "not_started"
    server._listening.listener.close()
