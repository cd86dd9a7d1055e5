"""What of a Server few applications name: loaded with the first such name, so that a board pays for what it uses.

`Server.__getattr__` looks here. Each method is short: what it needs beyond the server is imported inside it, from the
module that knows. Layer 5.
"""

from .port import system


class RareMethods:
    """The rarely named methods and properties of one Server."""

    def __init__(self, server):
        self._server = server

    def __getattr__(self, name):
        raise AttributeError("Server has no attribute " + repr(name))

    def put(self, path, **rules):
        """Decorator for PUT."""
        return self._server.route(path, ("PUT",), **rules)

    def patch(self, path, **rules):
        """Decorator for PATCH."""
        return self._server.route(path, ("PATCH",), **rules)

    def delete(self, path, **rules):
        """Decorator for DELETE."""
        return self._server.route(path, ("DELETE",), **rules)

    def any(self, path, **rules):
        """Decorator for every usual method."""
        return self._server.route(path, ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"), **rules)

    def error(self, what):
        """Decorator: this function answers instead of the plain text, for a status or for a class of exceptions.
    def websocket(self, path, subprotocols=(), origins=None, before=None, **rules):
        """Decorator: `async def chat(socket)` has the WebSockets of this path; `socket` is a WebSocket.

        `origins` are those whose pages may open one ("*": all), by default only pages of this server. `before(request)`
        (maybe `async def`) is asked first: what it answers, unless None, is a refusal. The rest is as for `route`.
        """
        from .websocket_server import endpoint_of

        def register(handler):
            self._server.route(path, ("GET",), **rules)(endpoint_of(handler, subprotocols, origins, before))
            return handler

        return register


        For a status (400 to 599) it is called with the request, for an exception with the request and the exception.
        Raises UsageError("bad_error_handler").
        """

        def register(handler):
            from .route_changes import set_error_handler

            return set_error_handler(self._server.routes, what, handler)

        return register

    def remove(self, what, methods=None):
        """Take back a route, as it was given (of these methods only), or the error handler of a status or class.

        May be called while serving. Raises UsageError("no_such_route").
        """
        from .route_changes import remove

        remove(self._server.routes, what, methods)

    def replace(self, path, methods=("GET",), **rules):
        """Decorator: this function answers from now on, in place of the one there. Raises UsageError("no_such_route")."""

        def register(handler):
            from .route_changes import replace

            return replace(self._server.routes, path, methods, handler, rules)

        return register

    def mount(self, prefix, group, *decorators):
        """Have the routes of a Group answer under this prefix, each behind these decorators. Raises UsageError."""
        group.mount_on(self._server, prefix, decorators)

    def on_session(self, callback):
        """Decorator: `callback(session, state, error)` with state "open", "close" or "error" (failed handshake)."""
        self._server.callback = callback
        return callback

    @property
    def sessions(self):
        """The open connections, as Session objects."""
        pool = self._server.pool
        return [connection.session for connection in pool.members] if pool else []

    @property
    def asgi(self):
        """The application as an ASGI 3 callable, for any ASGI server; raises Unsupported on a board."""
        if system.SIZE:  # a computer
            from .asgi import Application

            return Application(self._server)
        from .errors import Unsupported

        raise Unsupported("unsupported", "an ASGI application needs CPython")
