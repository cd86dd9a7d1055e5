"""MicroPython: a function for the event loop from wherever it comes: a callback of `micropython.schedule`, a thread.

The loop sleeps in a poll until a socket is ready or a task is due, and what is put among its tasks meanwhile does not
wake it. A flag that it polls besides does; asyncio makes it for this. Loaded with the first such function. Layer 3.
"""

import asyncio

_waiting = []  # functions
_flags = {}  # task whose life decides how long there is a waker: the flag of that waker


def call_soon(task, function):
    """Have the loop call a function in its next turn, as long as this task lives."""
    if task not in _flags:
        for gone in [known for known in _flags if known.done()]:
            _flags.pop(gone).set()
        _flags[task] = asyncio.ThreadSafeFlag()
        asyncio.create_task(_call(task, _flags[task]))
    _waiting.append(function)
    _flags[task].set()


async def _call(task, flag):
    while not task.done():
        await flag.wait()
        while _waiting:
            _waiting.pop(0)()
