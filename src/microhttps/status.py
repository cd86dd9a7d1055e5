"""A page that shows what a server is doing: who is connected and how, what fails and why, memory, certificates.

    server.mount("/status", Status(server, users={"admin": "a password"}))

It tells who is connected, so it does not begin without a guard. The same as JSON is at /status/now: the page asks
there every two seconds over a connection that is idle in between, and so gives way to whoever needs its place; a stream
of events would hold it. The page itself is a compressed file beside this module, which tools/status_page.py makes.

What only a visitor needs is loaded when one comes, and as far as it can be is forgotten when he has gone: a board would
else have no room left to start in. Layer 9.
"""

import os
from binascii import hexlify

from .errors import UsageError
from .port import system
from .reporting.counts import Counts

PAGE = "status.html"  # its compressed form, PAGE.gz, is all there is
# The page names the rest of its policy, with the hashes of its style and script, in its head.
HEADERS = (
    ("Content-Security-Policy", "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
)
NOT_KEPT = (("Cache-Control", "no-store"),)


class Status:
    """The page of a server, for `mount`. One of these says who may look; without any UsageError("open_status").

    `users` is {name: password} for Basic authentication; for the password None one is made, and stands in `made`, which
    `microhttps serve` shows with the address. `guard` is a decorator like BearerAuth or the `required()` of
    cookie sessions; `client_certificate` the rule of a route. `danger_public` lets everybody look. With `can_close`
    those who may look may also close connections. `page` is where status.html.gz is, if not beside this module.
    """

    def __init__(self, server, users=None, guard=None, client_certificate=None, can_close=False, danger_public=False,
                 page=None):
        if not (users or guard or client_certificate or danger_public):
            raise UsageError("open_status")
        self.made = {}  # {name: password}
        self.prefix = None  # where it is mounted
        self._users = dict(users or {})
        for name in self._users:
            if self._users[name] is None:
                self._users[name] = self.made[name] = hexlify(os.urandom(6)).decode()
        self._guards = [guard] if guard else []
        self._rules = {"client_certificate": client_certificate} if client_certificate else {}
        self._page = page or __file__[:max(__file__.rfind("/"), __file__.rfind("\\")) + 1] + PAGE
        try:
            os.stat(self._page + ".gz")
        except OSError as error:
            raise UsageError("no_status_page", cause=error, file=self._page + ".gz")
        self._server = server
        self._can_close = can_close
        self._counts = Counts(server)
        self._basic = self._software = self._certificates = None
        self._renewals = -1
        self._was_shown = False

    def mount_on(self, place, prefix, decorators):
        """Have a server, or a group, answer under this prefix (called by its `mount`); raises UsageError."""
        prefix = self.prefix = prefix.rstrip("/")
        place.status = self
        routes = [("GET", prefix + "/", self._show), ("GET", prefix + "/now", self._now)]
        if prefix:
            routes.append(("GET", prefix, self._show))
        if self._can_close:
            routes.append(("POST", prefix + "/close/<address>/<int:port>", self._close))
        for method, path, handler in routes:
            if self._users or method == "POST":
                handler = _Door(self, handler, method == "POST")
            for decorate in reversed(list(decorators) + self._guards):
                handler = decorate(handler)
            place.route(path, (method,), **self._rules)(handler)

    def locked(self, handler, may_change):
        """The handler behind what guards it, all of it loaded now; one that may change something knows other sites."""
        if may_change:
            from .csrf import Csrf

            handler = Csrf(os.urandom(16), token=False)(handler)
        if self._users:
            if self._basic is None:
                system.make_room()
                from .auth_basic import BasicAuth

                self._basic = BasicAuth(self._users, realm="status")
            handler = self._basic(handler)
        return handler

    def _show(self, request):
        system.make_room()
        from .messages.response import Response

        system.make_room()
        self._was_shown = True
        return Response.file(self._page, headers=HEADERS, cache_control="private, no-cache")

    def _now(self, request):
        if self._was_shown:  # the page has come, or it would not ask
            self._was_shown = False
            system.drop("messages.files")
            system.drop("messages.conditions")
            system.drop("wire.media_types")
            system.drop("wire.http_dates")
        system.make_room()
        from .reporting.figures import figures_of, software

        if request.connection.server is self._server:
            self._counts.own += 1
        self._counts.visited()
        told = figures_of(self._counts, request.connection)
        if self._software is None:
            self._software = software(self._server)
        told["software"] = self._software
        told["certificates"] = self._dated()
        told["can_close"] = self._can_close
        return told, 200, NOT_KEPT

    def _dated(self):
        """What the certificates say, read again when they were renewed, and how many days each has left today."""
        if self._renewals != self._counts.renewals:
            from .reporting.certificates import certificates_of

            self._renewals = self._counts.renewals
            self._certificates = certificates_of(self._server)
            certificates_of = None  # which would hold its module
            system.drop("reporting.certificates", "credentials.files", "wire.x509", "wire.der")
        for each in self._certificates:
            if "not_after" in each:
                each["days_left"] = days_left(each["not_after"])
        return self._certificates

    def _close(self, request):
        wanted = request.params["address"], request.params["port"]
        pool = self._server.pool
        for connection in pool.members if pool else ():
            if connection.peer_address == wanted:
                # Behind this answer, which may go over the same connection.
                self._server.call_soon(connection.session.close)
                return None
        return "404 Not Found: it has closed already\n", 404


class _Door:
    """A handler of the page; what guards it is loaded when somebody knocks."""

    kind = system.ASKED_FIRST

    def __init__(self, status, handler, may_change):
        self._status = status
        self._handler = handler
        self._may_change = may_change
        self._locked = None

    def __call__(self, request):
        if self._locked is None:
            self._locked = self._status.locked(self._handler, self._may_change)
        return self._locked(request)


def days_left(not_after):
    """Whole days until then, negative behind it; None on a clock that was never set."""
    if not system.is_clock_set():
        return None
    return (not_after - int(system.wall_clock())) // 86400
