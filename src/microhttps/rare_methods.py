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

    def error(self, status):
        """Decorator: this function answers instead of the plain text for a status (404, 405, 500, …)."""

        def register(handler):
            self._server.routes.errors[status] = handler, system.handler_kind(handler)
            return handler

        return register

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
