"""MicroPython: what is seldom asked of two moments (from `now`), which count milliseconds and begin anew. Layer 3."""

import time


def later(moment, seconds):
    """The deadline that many seconds after a moment (from `now`)."""
    return time.ticks_add(moment, int(seconds * 1000))


def seconds_between(earlier, moment):
    """The seconds from one moment (from `now`) to another."""
    return time.ticks_diff(moment, earlier) / 1000
