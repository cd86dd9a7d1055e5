"""What a server answers when no handler does: 404, 405, 501, OPTIONS, and the errors of handlers. Layer 7."""

from ..errors import DeadlineError, PeerError
from ..messages.answer import encode_answer
from ..messages.request import Request
from ..port import system
from ..wire.http1 import reason_of

ALLOW = "Allow"  # the parameter of a request without a handler that says which methods have one
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")


class BareHead:
    """The head of a request whose own could not be read."""

    method = "GET"
    target = ""
    fields = ()
    minor = 1
    has_body = False


def find_miss(routes, method, target, by_method):
    """(handler or None, kind, params, status) for a path whose first table has no such method (RFC 9110 section 15.5).

    A later pattern that has the method answers. The handler of an error does not wait for a body nobody wants.
    """
    there = dict(by_method or ())
    if routes.patterns and method not in ("TRACE", "CONNECT"):
        from .patterns import matches

        for others, params in matches(routes.patterns, target.split("?", 1)[0]):
            entry = others.get(method) or method == "HEAD" and others.get("GET")
            if entry:
                return entry[0], entry[1], params, 200
            there.update(others)
    params = {}
    if method not in METHODS:
        status = 501
    elif method == "OPTIONS" and (target == "*" or there):
        status = 204
        params[ALLOW] = allowed(there or ("GET",))
    elif not there and method not in ("TRACE", "CONNECT"):
        status = 404
    else:
        status = 405
        params[ALLOW] = allowed(there)
    handler, kind = routes.errors.get(status, (None, system.PLAIN))
    if status == 204:
        # Of a route whose answers other sites may read (see `cors`), whichever of its methods it is.
        for entry in there.values():
            handler = getattr(entry[0], "preflight", None) or handler
    # In a task it is answered with lines_of, Allow among them; else what it answers is looked at and no body awaited.
    if params:
        kind = system.ASYNC
    elif kind in (system.PLAIN, system.UNKNOWN):
        kind = system.ASKED_FIRST
    return handler, kind, params, status


def allowed(by_method):
    """The value of an Allow field (RFC 9110 section 10.2.1), as bytes."""
    methods = set(by_method)
    if "GET" in methods:
        methods.add("HEAD")
    methods.add("OPTIONS")
    return ", ".join(sorted(methods)).encode()


def miss(status):
    """The result for a status that no handler is registered for."""
    return None if status == 204 else "%d %s\n" % (status, reason_of(status)), status


def lines_of(request):
    """The field lines of an answer that its handler does not see to: Date, and Allow where a 405 must have it."""
    lines = request.connection.server.date_line
    if ALLOW in request.params:
        lines += b"Allow: %s\r\n" % request.params[ALLOW]
    return lines


def refuse(connection, request, status, data):
    """What connection._answer gives for a status without a handler; a small body is drained, a large one the end."""
    if request.has_body:
        from ..messages.unread import MOST_DRAINED

        if request.head.content_length <= MOST_DRAINED:
            request.await_body(data[request.head.end:])
            return request, None, status, miss(status), system.ASYNC
        connection.is_last = connection.is_refusing = True
    return connection.encode(request, miss(status), status)


def fault(request, error, is_second=False):
    """(result, status) after a handler raised: a peer's error has its own status, any other is a 500.

    The handler of the nearest class answers, else that of the status. When it raised in its turn (`is_second`), the
    answer is the plain one.
    """
    server = request.connection.server
    errors = server.routes.errors
    status = status_of(error)
    nearest = None if is_second else class_of(errors, error)
    if status == 500 and nearest is None:
        server.report(error, "a handler failed")
    try:
        if nearest is not None:
            return errors[nearest][0](request, error), status
        if status in errors and not is_second:
            return errors[status][0](request), status
    except Exception as second:
        return fault(request, second, True)
    return miss(status), status


def status_of(error):
    """The status that tells of an error."""
    if isinstance(error, PeerError):
        return error.status
    return 408 if isinstance(error, DeadlineError) else 500


def class_of(errors, error):
    """Of the classes that have a handler the one nearest to that of the error, or None."""
    nearest = None
    for known in errors:
        if isinstance(known, type) and isinstance(error, known) and (nearest is None or issubclass(known, nearest)):
            nearest = known
    return nearest


def last_words(connection, error):
    """The answer to a peer whose message could not be read, as bytes or as a job; the connection ends behind it.

    A handler of that status is given the request as far as it was read: a bare one when its head was not.
    """
    server = connection.server
    server.tell("bad_request", connection, error=error)
    request = Request(getattr(error, "head", BareHead), {}, connection)
    result, status = "%d %s: %s\n" % (error.status, reason_of(error.status), error), error.status
    errors = server.routes.errors
    if status in errors or class_of(errors, error) is not None:
        result, status = fault(request, error)
    try:
        if not system.is_coroutine(result):
            answer, rest = encode_answer(result, status, request.head, True, server.date_line)
            if rest is None:
                return answer
    except Exception as second:
        result, status = fault(request, second, True)
    return request, None, status, result, system.ASYNC
