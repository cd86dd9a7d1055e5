"""MicroPython: what is seldom asked of moments (from `now`), which count milliseconds and begin anew. Layer 3."""

import asyncio
import time

from ...errors import DeadlineError


def seconds_between(earlier, moment):
    """The seconds from one moment (from `now`) to a later one; begins anew with the count (12 days on 32 bits)."""
    return time.ticks_diff(moment, earlier) % (time.ticks_add(0, -1) + 1) / 1000


async def within(seconds, awaitable, setting):
    """What the awaitable gives within so many seconds; else it is cancelled and DeadlineError raised."""
    try:
        return await asyncio.wait_for(awaitable, seconds)
    except asyncio.TimeoutError as error:
        raise DeadlineError("deadline", cause=error, setting=setting)
