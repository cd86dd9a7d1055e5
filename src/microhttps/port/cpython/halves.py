"""CPython: a class that has a rare half, for boards' sake, is whole here. Layer 3."""


class _Given:
    """A name of a class that is found in the rare half of it."""

    __slots__ = ("_name", "_rare")

    def __init__(self, rare, name):
        self._rare = rare
        self._name = name

    def __get__(self, holder, kind=None):
        return getattr(self._rare if holder is None else self._rare(holder), self._name)


def give(busy, rare):
    """Give a class the names of its rare half and take away its `__getattr__`, which is there for boards.

    A class that has one is slower in everything: finding any attribute takes 40 ns instead of 5 (3.11), and a request
    looks for nine of its server, a connection for more than twenty.
    """
    del busy.__getattr__
    for name in vars(rare):
        if not name.startswith("_"):
            setattr(busy, name, _Given(rare, name))
