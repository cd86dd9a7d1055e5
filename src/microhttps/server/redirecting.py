"""Plain HTTP answered with the address of the same thing over HTTPS; loaded when somebody wants, or needs, that.

There are two uses. `redirect_port` is a listener of its own beside the secure one. And on CPython who speaks plain HTTP
to the secure port is answered, too: a browser does that when a user forgets the `s`. Layer 9.

GET and HEAD get 301, which every client ever made follows; all else gets 308, because many clients turn a POST that
meets a 301 into a GET (RFC 9110 section 15.4.2). Neither is to be stored: a browser would keep them for ever, and a
device that listens elsewhere tomorrow could not be reached.
"""

from ..errors import UsageError
from ..port import system
from .pool import SERVING

# Connections at once, of which each lasts one request: plain HTTP shall not take the places of the secure one.
MOST = (2, 100)[system.SIZE]
UNKNOWN = "HTTP"  # the method of a request whose beginning the TLS library has swallowed


class Redirecting:
    """Stands where connections look for their server; what they are not to find as it is there, is here."""

    callback = None  # these are not the application's sessions
    work = signal = None
    errors = {}

    def __init__(self, server):
        self._server = server

    @property
    def routes(self):
        """Itself; not kept, for a circle would wait for the collector with all that it holds."""
        return self

    def __getattr__(self, name):
        return getattr(self._server, name)

    def tell(self, name, connection, **facts):
        """As Server.tell, of requests only."""
        if self.on_event is not None and not name.startswith("session_"):
            from .telling import tell

            tell(self, name, connection, facts)

    def find(self, method, target):
        """As Routes.find: the same handler for all, asked before a body is read."""
        return self._answer, system.ASKED_FIRST, {}, 200

    def _answer(self, request):
        request.connection.is_last = True
        host = _host_of(request.head) or _own_name(self._server.host)
        target = request.head.target
        if request.method == UNKNOWN and target.startswith("//"):
            target = request.head.target = target[1:]  # see take_over
        if not host or not target.startswith("/"):
            from ..routing.misses import miss

            return miss(400)
        port = self._server.port
        url = "https://" + host + ("" if port == 443 else ":%d" % port) + target
        text = "" if request.method == UNKNOWN else "over HTTPS: %s\n" % url
        status = 301 if request.method in ("GET", "HEAD") else 308
        return text, status, (("Location", url), ("Cache-Control", "no-store"))


def beside(server):
    """What listens on `redirect_port` for this server; raises UsageError when there is nothing to redirect to."""
    if server.transport != "secure":
        raise UsageError("redirect_to_nothing")
    other = Redirecting(server)
    other.transport, other.identity, other.port = "insecure", None, server.settings.redirect_port
    settings = other.settings = type(server.settings)()
    for name in dir(server.settings):
        if not name.startswith("_"):
            setattr(settings, name, getattr(server.settings, name))
    settings.redirect_port = settings.choices = None
    settings.max_open_sockets = settings.max_sockets_per_address = MOST
    settings.lru_purge = True
    settings.max_body_length = 1 << 60  # it is not read
    return other


def take_over(connection):
    """Answer who speaks plain HTTP on the secure port, behind the bytes that the TLS library has read.

    OpenSSL looks for "GET ", "PUT ", "POST " and "HEAD " in the five bytes of a record's head, and those are gone: the
    first "/" of the target with them, or not. So the method is not known, which 308 does not mind, and of a target that
    would now begin with "//" one is taken away.
    """
    transport = connection.transport
    connection.server = Redirecting(connection.server)
    transport.channel = system.PlainChannel(transport.channel.raw)
    connection.pending = b"HTTP /"
    connection.phase = SERVING
    transport.set_deadline(connection.server.settings.header_timeout, "header_timeout")
    transport.watcher.watch(system.READ)


def _host_of(head):
    """The host that was asked for, valid as its grammar has it, without its port; "" when there is none."""
    host = head.host or ""
    return host[:host.find("]") + 1] if host.startswith("[") else host.partition(":")[0]


def _own_name(host):
    """Where this server listens, if that is an address one could ask for."""
    if host in ("", "0.0.0.0", "::"):
        return ""
    return "[" + host + "]" if ":" in host else host
