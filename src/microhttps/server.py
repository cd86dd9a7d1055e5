"""The server: listens, lets connections in as the pool decides, and holds what they share.

It starts only with a certificate that works: what is wrong with it is said before anything listens. Layer 5.
"""

from .connection import Connection
from .errors import MicrohttpsError, NetworkError, Unsupported, UsageError
from .limits import BUILD_DATE, SERVER
from .pool import REFUSE, Pool
from .port import system
from .routes import Routes
from .settings import Settings
from .transport import Sweeper

NEWCOMERS = 16  # accepted in one turn of the loop, so that a flood does not stop those who are there
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Server:
    """An HTTPS server (HTTP with `transport="insecure"`); settings are those of limits.SERVER.

    `on_event(name, facts)` hears of requests and failures; without it a failing handler is told to the event loop.
    """

    def __init__(self, identity=None, trust=None, transport="secure", host="0.0.0.0", port=None, on_event=None,
                 **settings):
        if transport not in ("secure", "insecure"):
            raise UsageError("bad_transport", 'the transport is "secure" or "insecure"', got=transport)
        self.identity = identity
        self.trust = trust
        self.transport = transport
        self.host = host
        self.port = port
        self.on_event = on_event
        self.settings = Settings(SERVER, settings)
        self.context = {}
        self.routes = Routes()
        self.pool = None
        self.date_line = b""
        self.idle_deadline = None
        self._callback = None
        self._listener = None
        self._sweeper = None
        self._tls = None
        self._watcher = None

    def route(self, path, methods=("GET",)):
        """Decorator: this function answers these methods on this path (see `routes` for patterns)."""

        def register(handler):
            self.routes.add(path, methods, handler)
            return handler

        return register

    def get(self, path):
        """Decorator for GET, and HEAD with it."""
        return self.route(path, ("GET",))

    def post(self, path):
        """Decorator for POST."""
        return self.route(path, ("POST",))

    def put(self, path):
        """Decorator for PUT."""
        return self.route(path, ("PUT",))

    def patch(self, path):
        """Decorator for PATCH."""
        return self.route(path, ("PATCH",))

    def delete(self, path):
        """Decorator for DELETE."""
        return self.route(path, ("DELETE",))

    def error(self, status):
        """Decorator: this function answers instead of the plain text for a status (404, 405, 500, …)."""

        def register(handler):
            self.routes.errors[status] = handler, system.handler_kind(handler)
            return handler

        return register

    def on_session(self, callback):
        """Decorator: `callback(session, state, error)` with state "open", "close" or "error" (failed handshake)."""
        self._callback = callback
        return callback

    @property
    def sessions(self):
        """The open connections, as Session objects."""
        return [connection.session for connection in self.pool.members] if self.pool else []

    async def start(self):
        """Begin to listen; waits for nothing. Raises UsageError, TrustError or NetworkError before listening."""
        if self._listener is not None:
            raise UsageError("already_started", "this server listens already", port=self.port)
        settings = self.settings
        if self.transport == "secure":
            self._tls = self._make_context()
        port = self.port
        if port is None:
            port = 443 if self.transport == "secure" else 80
        self._listener = system.listen(self.host, port, settings.backlog)
        self.port = system.port_of(self._listener, port)
        self.pool = Pool(settings.max_open_sockets, settings.max_sockets_per_address, settings.lru_purge)
        self._sweeper = Sweeper(settings.tick(), self._on_tick)
        self._sweeper.start()
        self._on_tick()
        self._watcher = system.Watcher(self._listener, self._on_newcomers)
        self._watcher.watch(system.READ)

    def _make_context(self):
        from .engines import engine

        if self.identity is None:
            raise UsageError("no_identity", 'a secure server needs identity=Identity(certificate, key), or '
                             'transport="insecure"')
        self.identity.check()
        return engine.server_context(self.identity, self.trust, self.settings)

    async def stop(self):
        """Stop listening, let requests in progress end within `stop_timeout`, close all; may be called twice."""
        if self._listener is None:
            return
        self._watcher.close()
        self._listener.close()
        self._listener = None
        deadline = system.after(self.settings.stop_timeout)
        for connection in list(self.pool.members):
            connection.end()
        while self.pool.members and not system.is_past(deadline, system.now()):
            await system.sleep(0.01)
        for connection in list(self.pool.members):
            connection.abort()
        self._sweeper.stop()

    def run(self):
        """Start and serve until Ctrl-C or SIGTERM, then stop; blocks."""
        try:
            system.run(self._run())
        except KeyboardInterrupt:
            pass

    async def _run(self):
        await self.start()
        stopped = system.Signal()
        system.stop_on_signals(stopped.set)
        try:
            await stopped.wait()
        finally:
            await self.stop()

    def _on_newcomers(self):
        try:
            for _ in range(NEWCOMERS):
                if self.pool.is_full() and not self.pool.has_victim():
                    self._watcher.watch(0)  # they wait in the backlog until somebody goes
                    return
                newcomer = system.accept(self._listener)
                if newcomer is None:
                    return
                self._admit(*newcomer)
        except Exception as error:
            self._watcher.watch(0)  # out of descriptors, most likely: the next tick tries again
            self.report(error, "accepting failed")

    def _admit(self, raw, address):
        verdict = self.pool.judge(address[0])
        if verdict is REFUSE:
            raw.close()
            self.tell("refused", None, address=address)
            return
        if isinstance(verdict, Connection):
            verdict.transport.close()
        try:
            if self._tls is None:
                channel = system.PlainChannel(raw)
            else:
                from .engines import engine

                channel = engine.Channel(self._tls, raw, True)
        except (MicrohttpsError, MemoryError) as error:
            raw.close()
            self.tell("refused", None, address=address, error=error)
            return
        connection = Connection(self, channel, address)
        self.pool.add(connection)
        self._sweeper.watch(connection.transport)
        connection.begin()

    def forget(self, connection, was_open):
        """A connection has closed (called by it)."""
        self.pool.remove(connection)
        self._sweeper.forget(connection.transport)
        if was_open:
            self.tell_session(connection, "close", None)
        if self._listener is not None:
            self._watcher.watch(system.READ)

    def _on_tick(self):
        self.idle_deadline = system.after(self.settings.keep_alive_timeout)
        seconds = int(system.wall_clock())
        self.date_line = date_line(seconds) if seconds >= BUILD_DATE else b""
        if self._watcher is not None and self._listener is not None:
            self._watcher.watch(system.READ)

    def tell(self, name, connection, **facts):
        """Tell `on_event`, if there is one."""
        if self.on_event is not None:
            if connection is not None:
                facts["address"] = (connection.address, connection.port)
            self.on_event(name, facts)

    def tell_session(self, connection, state, error):
        """Tell `on_session` and `on_event` that a connection opened, closed, or failed its handshake."""
        if self._callback is not None:
            self._callback(connection.session, state, error)
        self.tell("session_" + state, connection, error=error)

    def tell_request(self, request, answer):
        """Tell `on_event` of an answered request."""
        self.tell("request", request.connection, method=request.method, target=request.head.target,
                  status=int(answer[9:12]))

    def report(self, error, message):
        """A fault nobody waits for: to `on_event`, else to the event loop's exception handler."""
        if self.on_event is not None:
            self.on_event("fault", {"error": error, "message": message})
        else:
            system.report(error, message)


def date_line(seconds):
    """The Date field line in IMF-fixdate (RFC 9110 section 5.6.7), of seconds since 1970."""
    days, rest = divmod(seconds, 86400)
    year, month, day = civil_date(days)
    return ("Date: %s, %02d %s %d %02d:%02d:%02d GMT\r\n" % (
        DAYS[(days + 3) % 7], day, MONTHS[month - 1], year, rest // 3600, rest // 60 % 60, rest % 60)).encode()


def civil_date(days):
    """(year, month, day) of days since 1970-01-01; boards' own calendars count from different years."""
    days += 719468
    era, day_of_era = divmod(days, 146097)
    year = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year + year // 4 - year // 100)
    month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    return year + era * 400 + (month <= 2), month, day
