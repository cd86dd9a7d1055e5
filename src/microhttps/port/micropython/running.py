"""MicroPython: which task this is, and a blocking call in a program without an event loop. Layer 3."""

import asyncio
from asyncio import core

from ...errors import UsageError
from .system import drop


def current_task():
    """The task that is running."""
    return core.cur_task


def run(coroutine):
    """Run to the end and give the result; blocks. Raises UsageError inside a running loop, which would not survive it.

    A second `asyncio.run` leaves the first without its current task, and the interpreter ends with a segmentation
    fault at the next `await` (seen with 1.25).
    """
    if core.cur_task is not None and _is_executing(core.cur_task.coro):
        coroutine.close()
        raise UsageError("loop_is_running")
    drop("port.micropython.running")  # a server runs for ever
    return asyncio.run(coroutine)


def _is_executing(coroutine):
    """Whether it is at work: after a Ctrl-C the current task is still the last one that was, and may only wait."""
    try:
        coroutine.pend_throw(coroutine.pend_throw(None))  # the second puts back what the first took
    except ValueError:
        return True
    return False
