"""What a server answers when no handler does: 404, 405, 501, OPTIONS, and the errors of handlers. Layer 5."""

from .answer import encode_answer
from .errors import DeadlineError, PeerError
from .http1 import reason_of
from .port import system

ALLOW = "Allow"  # the parameter of a request without a handler that says which methods have one
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")


class BareHead:
    """What the encoder asks of a head, for a request whose own could not be read."""

    method = "GET"
    minor = 1


def find_miss(errors, method, target, by_method):
    """(handler or None, kind, params, status) for a path without a handler for this method (RFC 9110 section 15.5)."""
    params = {}
    if method not in METHODS:
        status = 501
    elif method == "OPTIONS" and (target == "*" or by_method is not None):
        status = 204
        params[ALLOW] = allowed(by_method or ("GET",))
    elif by_method is None and method not in ("TRACE", "CONNECT"):
        status = 404
    else:
        status = 405
        params[ALLOW] = allowed(by_method or ())
    handler, kind = errors.get(status, (None, system.PLAIN))
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


def fault(request, error, is_second=False):
    """(result, status) after a handler raised: a peer's error has its own status, any other is a 500.

    When the handler for that status raised in its turn (`is_second`), the answer is the plain one.
    """
    server = request.connection.server
    if isinstance(error, PeerError):
        status = error.status
    elif isinstance(error, DeadlineError):
        status = 408
    else:
        status = 500
        server.report(error, "a handler failed")
    if status in server.routes.errors and not is_second:
        try:
            return server.routes.errors[status][0](request), status
        except Exception as second:
            return fault(request, second, True)
    return miss(status), status


def last_words(connection, error):
    """The answer to a peer whose message could not be read; the connection ends behind it."""
    server = connection.server
    server.tell("bad_request", connection, error=error)
    result = "%d %s: %s\n" % (error.status, reason_of(error.status), error)
    return encode_answer(result, error.status, BareHead, True, server.date_line)[0]
