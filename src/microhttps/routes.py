"""Which handler answers a path: exact ones here, with parameters in `patterns`, what nobody answers in `misses`.

An exact path wins; among the others the first registered. Layer 5.
"""

from .errors import UsageError
from .port import system


class Routes:
    """The routes of one server; each path has a dictionary of method → (handler, kind)."""

    __slots__ = ("_exact", "_patterns", "errors")

    def __init__(self):
        self._exact = {}
        self._patterns = []
        self.errors = {}

    def add(self, path, methods, handler):
        """Register; raises UsageError("bad_route") for a path that cannot match or a route that is there already."""
        by_method = self._methods_of(path)
        for method in methods:
            if method in by_method or path[:1] != "/":
                raise UsageError("bad_route", method=method, path=path)
            by_method[method] = handler, system.handler_kind(handler)

    def _methods_of(self, path):
        if "<" not in path and not path.endswith("/*"):
            return self._exact.setdefault(path, {})
        from .patterns import compile_pattern

        segments = compile_pattern(path)
        for known, by_method in self._patterns:
            if known == segments:
                return by_method
        self._patterns.append((segments, {}))
        return self._patterns[-1][1]

    def find(self, method, target):
        """(handler, kind, params, status): the route's with status 200, else an error's, handler None if none is set.

        Raises PeerError for a path whose percent-coding is broken.
        """
        path = target.split("?", 1)[0] if "?" in target else target  # hot: most targets have no query
        by_method = self._exact.get(path)
        params = None
        if by_method is None and self._patterns:
            from .patterns import search

            by_method, params = search(self._patterns, path)
        if by_method is None and "%" in path:
            from .url import percent_decode

            by_method = self._exact.get(percent_decode(path))
        if by_method is not None:
            entry = by_method.get(method)
            if entry is None and method == "HEAD":
                entry = by_method.get("GET")
            if entry is not None:
                return entry[0], entry[1], params or {}, 200
        from .misses import find_miss

        return find_miss(self.errors, method, target, by_method)
