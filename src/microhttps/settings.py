"""One side's settings: the table of limits.py for this machine's size, with the changes an application asked for.

Layer 4.
"""

from .errors import UsageError
from .port import system


class Settings:
    """The settings as attributes; raises UsageError("unknown_setting") for a name that is not in the table."""

    def __init__(self, table, changes):
        for name in table:
            setattr(self, name, table[name][system.SIZE])
        for name in changes:
            if name not in table:
                raise UsageError("unknown_setting", "there is no such setting", setting=name)
            setattr(self, name, changes[name])

    def tick(self):
        """How often deadlines are to be looked at: fine enough for the shortest of them."""
        shortest = min([getattr(self, name) for name in dir(self) if name.endswith("_timeout")])
        return min(1.0, max(0.02, shortest / 4))
