"""Paths with parameters, a trailing wildcard or an optional end; loaded with the first route that has one.

`/led/<name>` takes one segment, `/led/<int:number>` one of digits, `/files/<path:name>` and `/files/*` all the rest,
`/api*` all that begins so. `?` makes the character before it optional, as in ESP-IDF's templates: `/led/?` is `/led`
and `/led/`, `/led/?*` is `/led` and `/led/*`. Segments are split before they are decoded, so that %2F is no separator.
docs/routes.md shows each of them. Layer 7.
"""

from ..errors import UsageError


def search(patterns, path):
    """(methods, params) of the first of these patterns that matches, or (None, None); raises PeerError."""
    for found in matches(patterns, path):
        return found
    return None, None


def matches(patterns, path):
    """(methods, params) of each of these patterns that matches, in order; raises PeerError."""
    segments = path.split("/")
    if "%" in path:
        from ..wire.url import percent_decode

        segments = [percent_decode(segment) for segment in segments]
    for pattern, by_method in patterns:
        params = _match(pattern, segments)
        if params is not None:
            yield by_method, params


def tables_of(routes, path):
    """The method tables of such a path, made if need be: two where its end is optional; raises UsageError."""
    plain = spellings(path)
    patterns = [compile_pattern(one) for one in plain]  # all, before one of them is made
    return [_table_of(routes, one, pattern) for one, pattern in zip(plain, patterns)]


def spellings(path):
    """The paths without `?` that a path with one stands for; raises UsageError."""
    if "?" not in path:
        return (path,)
    star = "*" if path[-2:] in ("?*", "*?") else ""
    begin = path[:-2] if star else path[:-1]
    if len(begin) < 2 or "?" in begin or begin[-1] in "*>" or not star and path[-1] != "?":
        raise UsageError("bad_route", path=path)
    # "/" alone cannot go without its only character, and "/a/?" is "/a" and "/a/".
    return begin[:-1], begin + star


def _table_of(routes, path, pattern):
    if not ("<" in path or "*" in path):
        return routes.exact.setdefault(path, {})
    for known, by_method in routes.patterns:
        if known == pattern:
            return by_method
    routes.patterns.append((pattern, {}))
    return routes.patterns[-1][1]


def compile_pattern(path):
    """The segments of a pattern: text, or (name, kind) with kind "text", "int" or "path", or (name, "path", begin)."""
    segments = path.split("/")
    last = len(segments) - 1
    pattern = [_compile_segment(segments[at], at == last, path) for at in range(last + 1)]
    names = [segment[0] for segment in pattern if not isinstance(segment, str)]
    if len(set(names)) < len(names):
        raise UsageError("bad_route", path=path)
    return pattern


def _compile_segment(segment, is_last, path):
    if segment[-1:] == "*" and is_last and not ("<" in segment or "*" in segment[:-1]):
        return "*", "path", segment[:-1]
    if segment.startswith("<") and segment.endswith(">"):
        kind, _, name = segment[1:-1].rpartition(":")
        if name and (kind in ("", "int") or kind == "path" and is_last):
            return name, kind or "text", ""
    elif not ("<" in segment or ">" in segment or "*" in segment):
        return segment
    raise UsageError("bad_route", path=path, got=segment)


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
        name, kind, begin = wanted
        if kind == "path":
            if not segment.startswith(begin):
                return None
            params[name] = "/".join(segments[index:])[len(begin):]
            return params
        if kind == "int":
            if not segment or segment.strip("0123456789") or len(segment) > 18:
                return None
            segment = int(segment)
        elif not segment:
            return None
        params[name] = segment
    return params if len(pattern) == len(segments) else None
