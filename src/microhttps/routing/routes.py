"""Which handler answers a path: exact ones here, with parameters in `patterns`, what nobody answers in `misses`.

An exact path wins; among the others the first registered. Where it has no handler for the method, the next that has one
answers. Layer 7.
"""

from ..errors import UsageError
from ..port import system


class Routes:
    """The routes of one server; each path has a dictionary of method → (handler, kind)."""

    __slots__ = ("errors", "exact", "patterns")

    def __init__(self):
        self.exact = {}
        self.patterns = []
        self.errors = {}

    def add(self, path, methods, handler):
        """Register; raises UsageError("bad_route") for what cannot match: a path, a method, what is there already."""
        # The last method in order is one in small letters, where there is one, or a letter of what is no list.
        good = path[:1] == "/" and methods and max(methods)[2:].isupper()
        tables = self.tables_of(path) if good else ()
        for by_method in tables:
            if set(methods) & set(by_method):
                tables = ()
        if not tables:
            raise UsageError("bad_route", methods=methods, path=path)
        for by_method in tables:
            for method in methods:
                by_method[method] = handler, system.handler_kind(handler)

    def tables_of(self, path):
        """The dictionaries of a path, made if need be: one, or two where its end is optional; raises UsageError."""
        if not ("<" in path or "*" in path or "?" in path):
            return (self.exact.setdefault(path, {}),)
        from .patterns import tables_of

        return tables_of(self, path)

    def find(self, method, target):
        """(handler, kind, params, status): the route's with status 200, else an error's, handler None if none is set.

        Raises PeerError for a path whose percent-coding is broken.
        """
        path = target.split("?", 1)[0] if "?" in target else target  # hot: most targets have no query
        by_method = self.exact.get(path)
        params = None
        if by_method is None and "%" in path:
            from ..wire.url import percent_decode

            by_method = self.exact.get(percent_decode(path))
        if by_method is None and self.patterns:
            from .patterns import search

            by_method, params = search(self.patterns, path)
        if by_method is not None:
            entry = by_method.get(method)
            if entry is None and method == "HEAD":
                entry = by_method.get("GET")
            if entry is not None:
                return entry[0], entry[1], params or {}, 200
        from .misses import find_miss

        return find_miss(self, method, target, by_method)
