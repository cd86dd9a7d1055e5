"""What of a Server few applications name: loaded with the first such name, so that a board pays for what it uses.

`Server.__getattr__` looks here. Each method is short: what it needs beyond the server is imported inside it, from the
module that knows. Layer 9.
"""

from ..port import system


class RareMethods:
    """The rarely named methods and properties of one Server."""

    refused = 0  # newcomers turned away since the start

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

    def websocket(self, path, subprotocols=(), origins=None, before=None, **rules):
        """Decorator: `async def chat(socket)` has the WebSockets of this path; `socket` is a WebSocket.

        `origins` are those whose pages may open one ("*": all), by default only pages of this server. `before(request)`
        (maybe `async def`) is asked first: what it answers, unless None, is a refusal. The rest is as for `route`.
        """
        from .websocket_route import endpoint_of

        def register(handler):
            self._server.route(path, ("GET",), **rules)(endpoint_of(handler, subprotocols, origins, before))
            return handler

        return register

    def error(self, what):
        """Decorator: this function answers instead of the plain text, for a status or for a class of exceptions.

        For a status (400 to 599) it is called with the request, for an exception with the request and the exception.
        Raises UsageError("bad_error_handler").
        """

        def register(handler):
            from ..routing.route_changes import set_error_handler

            return set_error_handler(self._server.routes, what, handler)

        return register

    def remove(self, what, methods=None):
        """Take back a route, as it was given (of these methods only), or the error handler of a status or class.

        May be called while serving. Raises UsageError("no_such_route").
        """
        from ..routing.route_changes import remove

        remove(self._server.routes, what, methods)

    def replace(self, path, methods=("GET",), **rules):
        """Decorator: this function answers from now on, in place of another. Raises UsageError("no_such_route")."""

        def register(handler):
            from ..routing.route_changes import replace

            return replace(self._server, path, methods, handler, rules)

        return register

    def mount(self, prefix, group, *decorators):
        """Have the routes of a Group answer under this prefix, each behind these decorators. Raises UsageError."""
        group.mount_on(self._server, prefix, decorators)

    def static(self, prefix, folder, *decorators, index="index.html", **options):
        """Answer under this prefix with the files of a folder, behind these decorators; nothing outside can be reached.

        `options` are those of `Response.file`. Names that begin with a dot are not shown, and no folder is listed.
        Raises UsageError("no_such_folder") and ("bad_route").
        """
        from ..messages.static_files import mount

        mount(self._server, prefix, folder, decorators, index, options)

    def use(self, *decorators):
        """Put decorators before all that this server answers, what it does not find, too; the first is outermost."""
        from ..everywhere import use

        use(self._server, decorators)

    def on_session(self, callback):
        """Decorator: `callback(session, state, error)` with state "open", "close" or "error" (failed handshake).

        Whoever was told to be open is told to be closed, once, with the error that ended it or None. The callback may
        refuse a client by closing its session; what it raises is reported and ends nothing.
        """
        self._server.callback = callback
        return callback

    def call_soon(self, function, *arguments):
        """Have the server's event loop call a function in its next turn; an `async def` goes on in a task of its own.

        May be called from anywhere: a handler, another thread, on a board a callback of `micropython.schedule` (an
        interrupt handler itself may not take memory, and goes through that). In the order of the calls; what a function
        raises is reported. Raises UsageError("not_started") before `start` and after `stop`.
        """
        from .calls import call_soon

        call_soon(self._server, function, arguments)

    def background(self, function, *arguments):
        """Decorator: this `async def` runs beside the server, from each `start` until `stop`, which cancels it.

        `server.background(function, argument, …)` does the same. What it raises is reported, and ends it alone. Several
        worker processes run one each.
        """
        server = self._server
        if server.work is None:
            from .background import Background

            server.work = Background(server)
        server.work.add(function, arguments)
        return function

    def reload_identity(self):
        """Take up the identity as its files are now, for new handshakes; raises what is wrong, and the old one stays.

        Raises UsageError or TrustError, as `start()`. Without a call it happens within seconds of a change, see the
        setting `identity_check_interval`; a new object in `server.identity` is taken up by a call only.
        """
        from .renewal import reload_identity

        reload_identity(self._server)

    @property
    def sessions(self):
        """The connections there are, those that still shake hands too, as ServerSession objects."""
        pool = self._server.pool
        return [connection.session for connection in pool.members] if pool else []

    @property
    def asgi(self):
        """The application as an ASGI 3 callable, for any ASGI server; raises Unsupported on a board."""
        if system.SIZE:  # a computer
            from .asgi import Application

            return Application(self._server)
        from ..errors import Unsupported

        raise Unsupported("unsupported", "an ASGI application needs CPython")
