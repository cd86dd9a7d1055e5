"""What is done to routes but seldom: taking one back, and handlers for errors. Loaded when asked for. Layer 7."""

from ..errors import UsageError
from ..port import system
from .patterns import compile_pattern, spellings


def remove(routes, what, methods=None):
    """Take back a route (a path as it was given) or an error handler; raises UsageError("no_such_route")."""
    if not isinstance(what, str):
        if routes.errors.pop(what, None) is None:
            raise UsageError("no_such_route", got=what)
        return
    paths, tables = find_tables(routes, what, methods)
    for path, by_method in zip(paths, tables):
        for method in methods or list(by_method):
            del by_method[method]
        if not by_method:
            _forget(routes, path, by_method)


def replace(server, path, methods, handler, rules):
    """Put a handler in the place of another; raises UsageError, and then the other still answers."""
    tables = find_tables(server.routes, path, methods)[1]
    answering = handler
    if rules:
        from .guards import guarded

        answering = guarded(handler, server, rules)
    for by_method in tables:
        for method in methods:
            by_method[method] = answering, system.handler_kind(answering)
    return handler


def find_tables(routes, path, methods):
    """(paths without `?`, their method tables); raises UsageError unless all of them have these methods."""
    paths = spellings(path)
    tables = [_find_table(routes, one) for one in paths]
    for by_method in tables:
        if not by_method or methods is not None and not set(methods) <= set(by_method):
            raise UsageError("no_such_route", path=path, methods=methods)
    return paths, tables


def _find_table(routes, path):
    """The method table of a path without `?`, or None; raises UsageError for a path that cannot match."""
    if not ("<" in path or "*" in path):
        return routes.exact.get(path)
    wanted = compile_pattern(path)
    for pattern, by_method in routes.patterns:
        if pattern == wanted:
            return by_method
    return None


def _forget(routes, path, by_method):
    if routes.exact.get(path) is by_method:
        del routes.exact[path]
    # A new list: a request may just be looking through the old one.
    routes.patterns = [entry for entry in routes.patterns if entry[1] is not by_method]


def set_error_handler(routes, what, handler):
    """Let a handler answer for a status or a class of exceptions; raises UsageError("bad_error_handler")."""
    is_class = isinstance(what, type) and issubclass(what, Exception)
    if not is_class and not (isinstance(what, int) and 400 <= what <= 599):
        raise UsageError("bad_error_handler", got=what)
    routes.errors[what] = handler, system.handler_kind(handler)
    return handler
