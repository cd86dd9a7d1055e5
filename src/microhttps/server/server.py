"""The server as an application sees it: what it is configured with, its routes, and what it tells.

Listening itself, and everything that needs a socket, is in `listening`, loaded by `start()`. Layer 9.
"""

from ..engines import engine
from ..errors import OutOfMemory, UsageError
from ..port import system
from ..routing.routes import Routes

NO_MEMORY = OutOfMemory("out_of_memory")  # made in time: when it is needed there may be no room for it


class Settings:
    """The settings of one server, as attributes; those of its TLS that were named, in `choices`."""

    engine = engine  # the module of its TLS library
    choices = None


class Server:
    """An HTTPS server (HTTP with `transport="insecure"`). Settings: docs/defaults.md, and `engine` (docs/engines.md).

    `on_event(name, facts)` hears of requests and failures; without it a failing handler is told to the event loop.
    Raises UsageError for a setting that there is not, or that cannot be so.
    """

    pool = None  # the connections, while it listens
    newcomers = None  # the listening socket's Watcher, while it listens
    date_line = b""
    idle_deadline = None  # of a connection that begins to rest now; a tick old at most
    callback = None  # of on_session
    work = signal = None  # the Background, where there is some; of run(), which ends when it is set
    _listening = None

    def __init__(self, identity=None, trust=None, transport="secure", host="0.0.0.0", port=None, on_event=None,
                 **settings):
        if transport not in ("secure", "insecure"):
            raise UsageError("bad_transport", got=transport)
        self.identity = identity
        self.trust = trust
        self.transport = transport
        self.host = host
        self.port = port
        self.on_event = on_event
        self.settings = _settings_of(settings)
        self.context = {}
        self.routes = Routes()

    def route(self, path, methods=("GET",), **rules):
        """Decorator: this function answers these methods on this path (parameters: docs/routes.md).

        The rule `client_certificate` says who may ask (docs/tls.md). Raises UsageError("bad_route").
        """

        def register(handler):
            answering = handler
            if rules:
                from ..routing.guards import guarded

                answering = guarded(handler, self, rules)
            self.routes.add(path, methods, answering)
            return handler

        return register

    def get(self, path, **rules):
        """Decorator for GET, and HEAD with it."""
        return self.route(path, **rules)

    def post(self, path, **rules):
        """Decorator for POST."""
        return self.route(path, ("POST",), **rules)

    def __getattr__(self, name):
        """What few applications name (put, error, sessions, …) is in `rare_methods`."""
        from .rare_methods import RareMethods

        return getattr(RareMethods(self), name)

    async def start(self):
        """Begin to listen; waits for nothing. Raises UsageError, TrustError or NetworkError before listening."""
        from .starting import open_listener

        if self._listening is not None:
            raise UsageError("already_started", port=self.port)
        opened = open_listener(self)
        open_listener = None  # which would hold its whole module
        system.make_room()
        from .listening import Listening

        system.make_room()
        self._listening = Listening(self, opened)

    async def stop(self):
        """Stop listening, wait for requests in progress (`stop_timeout`), then close all; may be called twice."""
        listening, self._listening = self._listening, None
        if listening is not None:
            await listening.stop()

    def run(self):
        """Start and serve until Ctrl-C, SIGTERM or `stop()`; blocks. Raises UsageError in a running event loop."""
        try:
            system.run(self._run())
        except KeyboardInterrupt:
            if self._listening is not None:  # a board's loop is left where it was
                system.run(self.stop())

    async def _run(self):
        await self.start()
        system.settle_memory()
        self.signal = signal = system.Signal()
        system.stop_on_signals(signal.set)
        try:
            await signal.wait()
        finally:
            await self.stop()

    def tell(self, name, connection, **facts):
        """Tell `on_event` what happened, and `on_session` if it happened to a session."""
        if self.on_event is not None or self.callback is not None:
            from .telling import tell

            tell(self, name, connection, facts)

    def tell_no_memory(self, name, connection):
        """Tell of a connection that ended for want of memory, as far as there is memory to tell it."""
        system.make_room()
        try:
            self.tell(name, connection, error=NO_MEMORY)
        except MemoryError:
            pass

    def report(self, error, message):
        """A fault nobody waits for: to `on_event`, else to the event loop's exception handler."""
        try:
            if self.on_event is not None:
                return self.on_event("fault", {"error": error, "message": message})
        except Exception as failure:
            error = failure
        system.report(error, message)


def _settings_of(changes):
    from ..limits import SERVER
    from ..settings import settle

    settings = settle(Settings(), SERVER, changes, True)
    system.drop("limits")
    return settings


if system.SIZE:  # a computer
    from .rare_methods import RareMethods

    system.give(Server, RareMethods)
