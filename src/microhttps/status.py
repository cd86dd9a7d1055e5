"""A page that shows what a server is doing: who is connected and how, what fails and why, memory, certificates.

    server.mount("/status", Status(server, users={"admin": "a password"}))

It tells who is connected, so it does not begin without a guard. The same as JSON is at /status/now: the page asks
there every two seconds over a connection that is idle in between, and so gives way to whoever needs its place; a stream
of events would hold it. The page itself is a compressed file beside this module, which tools/status_page.py makes.
Layer 9.
"""

import os

from .errors import UsageError
from .messages.response import Response
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

    `users` is {name: password} for Basic authentication; `guard` a decorator like BearerAuth or the `required()` of
    cookie sessions; `client_certificate` the rule of a route. `danger_public` lets everybody look. With `can_close`
    those who may look may also close connections. `page` is where status.html.gz is, if not beside this module.
    """

    def __init__(self, server, users=None, guard=None, client_certificate=None, can_close=False, danger_public=False,
                 page=None):
        self._guards = [guard] if guard else []
        if users:
            from .auth_basic import BasicAuth

            self._guards.append(BasicAuth(users, realm="status"))
        if not (self._guards or client_certificate or danger_public):
            raise UsageError("open_status")
        self._rules = {"client_certificate": client_certificate} if client_certificate else {}
        self._page = page or __file__[:max(__file__.rfind("/"), __file__.rfind("\\")) + 1] + PAGE
        try:
            os.stat(self._page + ".gz")
        except OSError as error:
            raise UsageError("no_status_page", cause=error, file=self._page + ".gz")
        self._server = server
        self._can_close = can_close
        self._counts = Counts(server)
        self._about = self._certificates = None
        self._renewals = -1

    def mount_on(self, place, prefix, decorators):
        """Have a server, or a group, answer under this prefix (called by its `mount`); raises UsageError."""
        prefix = prefix.rstrip("/")
        guards = list(decorators) + self._guards
        routes = [("GET", prefix + "/", self._show), ("GET", prefix + "/now", self._now)]
        if prefix:
            routes.append(("GET", prefix, self._show))
        for method, path, handler in routes:
            self._route(place, method, path, handler, guards)
        if self._can_close:
            from .csrf import Csrf

            path = prefix + "/close/<address>/<int:port>"
            self._route(place, "POST", path, self._close, guards + [Csrf(os.urandom(16), token=False)])

    def _route(self, place, method, path, handler, guards):
        for decorate in reversed(guards):
            handler = decorate(handler)
        place.route(path, (method,), **self._rules)(handler)

    def _show(self, request):
        return Response.file(self._page, headers=HEADERS, cache_control="private, no-cache")

    def _now(self, request):
        from .reporting.figures import figures_of

        if request.connection.server is self._server:
            self._counts.own += 1
        told = figures_of(self._counts, request.connection)
        told["software"] = self._software()
        told["certificates"] = self._dated()
        told["can_close"] = self._can_close
        return told, 200, NOT_KEPT

    def _software(self):
        if self._about is None:
            from .reporting.figures import software

            self._about = software()
        return {"tls": self._about[0], "interpreter": self._about[1]}

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


def days_left(not_after):
    """Whole days until then, negative behind it; None on a clock that was never set."""
    if not system.is_clock_set():
        return None
    return (not_after - int(system.wall_clock())) // 86400
