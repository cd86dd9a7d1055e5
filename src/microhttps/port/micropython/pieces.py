"""MicroPython: the pieces of a body from a generator that was taken for a coroutine first (`generators`). Layer 3."""


class Pieces:
    """A generator of pieces from which the first has been taken."""

    def __init__(self, first, rest):
        self._first = first
        self._rest = rest

    def __iter__(self):
        return self

    def __next__(self):
        first, self._first = self._first, None
        return next(self._rest) if first is None else first

    def close(self):
        """Close the generator."""
        self._rest.close()
