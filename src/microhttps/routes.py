"""Which handler answers a path: exact, with parameters, or with a trailing wildcard.

`/led/<name>` takes one segment, `/led/<int:number>` one of digits, `/files/<path:name>` and `/files/*` all the rest.
An exact path wins; among the others the first registered. Segments are split before they are decoded, so that %2F is
no separator. Layer 5.
"""

from .errors import UsageError
from .port import system

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")


class Routes:
    """The routes of one server; each path has a dictionary of method → (handler, kind)."""

    __slots__ = ("_exact", "_patterns", "errors")

    def __init__(self):
        self._exact = {}
        self._patterns = []
        self.errors = {}

    def add(self, path, methods, handler):
        """Register; raises UsageError("bad_route") for a path that cannot match or a route that is there already."""
        if not path.startswith("/"):
            raise UsageError("bad_route", "a path begins with /", got=path)
        entry = (handler, system.handler_kind(handler))
        by_method = self._methods_of(path)
        for method in methods:
            if method in by_method:
                raise UsageError("bad_route", "this method and path have a handler already", method=method, path=path)
            by_method[method] = entry

    def _methods_of(self, path):
        if "<" not in path and not path.endswith("/*"):
            return self._exact.setdefault(path, {})
        segments = _compile(path)
        for known, by_method in self._patterns:
            if known == segments:
                return by_method
        self._patterns.append((segments, {}))
        return self._patterns[-1][1]

    def find(self, method, target):
        """(handler, kind, params, status): the route's with status 200, else that of an error, handler None if none is set.

        Raises PeerError for a path whose percent-coding is broken.
        """
        path = target.split("?", 1)[0] if "?" in target else target  # hot: most targets have no query
        by_method = self._exact.get(path)
        params = None
        if by_method is None:
            by_method, params = self._search(path)
        if by_method is not None:
            entry = by_method.get(method)
            if entry is None and method == "HEAD":
                entry = by_method.get("GET")
            if entry is not None:
                return entry[0], entry[1], params or {}, 200
        return self._miss(method, target, by_method)

    def _search(self, path):
        segments = None
        if "%" in path:
            from .url import percent_decode

            raw = path.split("/")
            segments = [percent_decode(segment) for segment in raw]
            by_method = self._exact.get("/".join(segments)) if "%2f" not in path.lower() else None
            if by_method is not None:
                return by_method, None
        for pattern, by_method in self._patterns:
            if segments is None:
                segments = path.split("/")
            params = _match(pattern, segments)
            if params is not None:
                return by_method, params
        return None, None

    def _miss(self, method, target, by_method):
        if method not in METHODS:
            return self.of_error(501)
        if method == "OPTIONS" and (target == "*" or by_method is not None):
            return None, system.PLAIN, {"allow": allowed(by_method or {"GET": None})}, 204
        if by_method is None and method not in ("TRACE", "CONNECT"):
            return self.of_error(404)
        handler, kind, params, status = self.of_error(405)
        params["allow"] = allowed(by_method or {})
        return handler, kind, params, status

    def of_error(self, status):
        """(handler, kind, params, status) of the handler registered for this status; handler None if there is none."""
        handler, kind = self.errors.get(status, (None, system.PLAIN))
        return handler, kind, {}, status


def allowed(by_method):
    """The value of an Allow field (RFC 9110 section 10.2.1)."""
    methods = set(by_method)
    if "GET" in methods:
        methods.add("HEAD")
    methods.add("OPTIONS")
    return ", ".join(sorted(methods))


def _compile(path):
    """The segments of a pattern: text, or (name, kind) with kind "text", "int" or "path"."""
    segments = []
    for segment in path.split("/"):
        if segments and segments[-1][1:] == ("path",):
            raise UsageError("bad_route", "only the last segment may take all the rest", got=path)
        if segment == "*":
            segments.append(("*", "path"))
        elif segment.startswith("<") and segment.endswith(">"):
            kind, _, name = segment[1:-1].rpartition(":")
            if not name or kind not in ("", "int", "path"):
                raise UsageError("bad_route", "a parameter is <name>, <int:name> or <path:name>", got=segment)
            segments.append((name, kind or "text"))
        elif "<" in segment or ">" in segment:
            raise UsageError("bad_route", "a parameter is a whole segment", got=segment)
        else:
            segments.append(segment)
    return segments


def _match(pattern, segments):
    """The parameters of a path that matches, else None."""
    if len(segments) < len(pattern):
        return None
    params = {}
    for index in range(len(pattern)):
        wanted, segment = pattern[index], segments[index]
        if isinstance(wanted, str):
            if wanted != segment:
                return None
            continue
        name, kind = wanted
        if kind == "path":
            params[name] = "/".join(segments[index:])
            return params
        if kind == "int":
            if not segment.isdigit() or len(segment) > 18:
                return None
            segment = int(segment)
        elif not segment:
            return None
        params[name] = segment
    return params if len(pattern) == len(segments) else None
