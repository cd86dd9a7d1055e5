"""MicroPython: deadlines from a moment that has passed; apart from what is asked more seldom (`moments`). Layer 3."""

import time


def later(moment, seconds):
    """The deadline that many seconds after a moment (from `now`)."""
    return time.ticks_add(moment, int(seconds * 1000))
