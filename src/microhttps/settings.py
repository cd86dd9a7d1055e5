"""One side's settings: its table of limits for this machine's size, and what an application changed. Layer 4."""

from .errors import UsageError
from .port import system


def settle(settings, table, changes):
    """Give an object the settings as attributes; raises UsageError("unknown_setting") for a name not in the table."""
    for name in table:
        setattr(settings, name, table[name][system.SIZE])
    for name in changes:
        if name not in table:
            raise UsageError("unknown_setting", setting=name)
        setattr(settings, name, changes[name])
    return settings


def tick_of(settings):
    """How often deadlines are to be looked at: fine enough for the shortest of them."""
    shortest = min([getattr(settings, name) for name in dir(settings) if name.endswith("_timeout")])
    return min(1.0, max(0.02, shortest / 4))
