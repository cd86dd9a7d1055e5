"""Paths with parameters or a trailing wildcard; loaded with the first route that has one.

`/led/<name>` takes one segment, `/led/<int:number>` one of digits, `/files/<path:name>` and `/files/*` all the rest.
Segments are split before they are decoded, so that %2F is no separator. Layer 5.
"""

from .errors import UsageError


def search(patterns, path):
    """(methods, params) of the first of these patterns that matches, or (None, None); raises PeerError."""
    segments = path.split("/")
    if "%" in path:
        from .url import percent_decode

        segments = [percent_decode(segment) for segment in segments]
    for pattern, by_method in patterns:
        params = _match(pattern, segments)
        if params is not None:
            return by_method, params
    return None, None


def compile_pattern(path):
    """The segments of a pattern: text, or (name, kind) with kind "text", "int" or "path"."""
    segments = []
    for segment in path.split("/"):
        if segments and segments[-1][1:] == ("path",):
            raise UsageError("bad_route", got=path)
        if segment == "*":
            segments.append(("*", "path"))
        elif segment.startswith("<") and segment.endswith(">"):
            kind, _, name = segment[1:-1].rpartition(":")
            if not name or kind not in ("", "int", "path"):
                raise UsageError("bad_route", got=segment)
            segments.append((name, kind or "text"))
        elif "<" in segment or ">" in segment:
            raise UsageError("bad_route", got=segment)
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
