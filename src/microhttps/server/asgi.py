"""The application of a Server as an ASGI 3 callable: what began on a board, under any ASGI server.

The same routes, guards, handlers and encoders answer. A scope is written as the head it was read from, so that one
parser judges both; an answer is encoded as for HTTP/1.0, whose body is plain bytes until the end, and goes out as
ASGI's messages. The ASGI server has the connection, its TLS and its pool: what follows from those is not here.
CPython only. Layer 9.
"""

from ..errors import NetworkError, PeerError, Unsupported
from ..port import system
from ..routing.misses import BareHead, last_words
from ..wire.close_body import CloseBody
from ..wire.framing import LengthBody
from ..wire.url import quote
from .asgi_channel import Outlet
from .connection import Connection
from .exchange import perform
from .pool import BUSY
from .server_session import ServerSession


class Application:
    """An ASGI 3 application (asgi.readthedocs.io, version 3.0) over the routes and settings of one Server."""

    __slots__ = ("_server",)

    def __init__(self, server):
        self._server = server

    async def __call__(self, scope, receive, send):
        """Serve one scope: http, websocket or lifespan; raises Unsupported for any other."""
        if scope["type"] in ("http", "websocket"):
            await Exchange(self._server, scope, receive, send).serve()
        elif scope["type"] == "lifespan":
            await _live(self._server, receive, send)
        else:
            raise Unsupported("unsupported", scope=scope["type"])


async def _live(server, receive, send):
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup" and server._listening is None:
            server._listening = Running(system.spawn(system.sleep(0)))
            if server.work is not None:
                server.work.begin()
        if message["type"] == "lifespan.shutdown" and server.work is not None:
            await server.work.end()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            server._listening = None
            return


class Running:
    """What stands for Listening while an ASGI server runs the application: it can be given work (Server.call_soon)."""

    def __init__(self, task):
        self.sweeper = self
        self.task = task

    async def stop(self):
        """Raises Unsupported: the ASGI server listens, and stops."""
        raise Unsupported("unsupported", "an application under an ASGI server is stopped with that server")


class Exchange(Connection):
    """One request of a scope, as the rest of the server sees a connection. Its session is as short as itself."""

    phase = BUSY

    def __init__(self, server, scope, receive, send):
        # Not Connection's own: that one begins with a socket.
        self.server = server
        self.scope = scope
        self.peer_address = tuple(scope.get("client") or ("", 0))[:2]
        self.opened = system.now()
        self.pending = b""
        self.is_last = False
        self.transport = Outlet(scope, receive, send, server.settings)
        self.transport.owner = self

    @property
    def session(self):
        """The Session of this request."""
        if self._session is None:
            self._session = RequestSession(self)
        return self._session

    async def serve(self):
        """Answer the request; never raises but when the ASGI server cancels it."""
        try:
            if self.scope["type"] == "websocket":
                await self.transport.hear()  # websocket.connect
                first = None
            else:
                first = await self._first_of_unknown_length()
            answer = self._begin(first)
            if type(answer) is tuple:
                await self._perform(answer, first)
            else:
                await pass_on(self, answer)
            if not hasattr(self, "websocket"):
                await self.transport.finish()
        except Exception as error:
            self.fail(error)
        if self._session is not None:
            self._session.end()
        self.transport.let_go()

    def _begin(self, first):
        try:
            head = take_head(self.scope, first, self.server.settings)
            head.minor = 0  # for the encoder: a body without chunks
            return self._answer(head, b"")
        except PeerError as error:
            self.is_refusing = True
            if not hasattr(error, "head"):
                error.head = BareHead()
            error.head.minor = 0
            return last_words(self, error)

    async def _first_of_unknown_length(self):
        """HTTP/2 tells by its frames alone whether a body follows: the first message of such a request, else None."""
        if self.scope["http_version"][:1] == "1" or any(name == b"content-length" for name, _ in self.scope["headers"]):
            return None
        message = await self.transport.receive(self.server.settings.recv_timeout)
        return message if message.get("body") or message.get("more_body") else None

    async def accept_websocket(self, request, subprotocol):
        """The WebSocket of this scope, accepted (called by `websocket_server`)."""
        from .asgi_websocket import accept

        return await accept(self, request, subprotocol)

    async def _perform(self, job, first):
        request = job[0]
        if request.has_body:
            request._body = self.transport.body = body_of(self, request.head, first)
        work = self.transport.work = system.spawn(perform(self, job, pass_on))
        self.transport.listen()  # it may be streaming already
        try:
            await work
        except system.CancelledError:
            if not self.transport.has_lost_client:
                raise  # the ASGI server ends; else the client did, and the work was cancelled for it
            raise NetworkError("reset")


class RequestSession(ServerSession):
    """A session that lives as long as its request: ASGI does not tell which requests came on one connection."""

    def close(self):
        """Cut the answer in progress; raises Unsupported before it has begun, for ASGI has no word for that."""
        if hasattr(self._connection, "websocket"):
            self._connection.websocket.on_stop()
        elif not self._transport.has_begun:
            raise Unsupported("unsupported", "under an ASGI server only an answer in progress can be closed")
        else:
            self._transport.close()


async def pass_on(connection, data):
    """Send a piece of an answer; raises NetworkError when the client is gone, and DeadlineError."""
    await connection.transport.pass_on(data, connection.is_refusing)


def take_head(scope, has_unknown_body, settings):
    """The RequestHead of a scope, under the settings' limits; raises PeerError."""
    root = scope.get("root_path", "")
    target = scope.get("raw_path") or quote(scope["path"]).encode()
    if root and target.startswith(quote(root).encode() + b"/"):
        target = target[len(quote(root)):]  # where this application is mounted
    if scope["query_string"]:
        target += b"?" + scope["query_string"]
    version = scope["http_version"]
    lines = [b"%s %s HTTP/1.%d" % (scope.get("method", "GET").encode(), target, version != "1.0")]
    if scope["type"] == "websocket":
        from .asgi_websocket import fields_of

        lines += fields_of(scope)
    else:
        lines += [b"%s: %s" % (name, value) for name, value in scope["headers"]]
    if has_unknown_body:
        lines.append(b"transfer-encoding: chunked")
    if version[:1] != "1" and not any(name == b"host" for name, _ in scope["headers"]):
        lines.append(b"host: " + _authority(scope))
    return system.take_request_head(b"\r\n".join(lines) + b"\r\n\r\n", 0, settings)


def _authority(scope):
    host, port = scope.get("server") or ("localhost", None)
    return (host if port is None else "%s:%d" % (host, port)).encode()


def body_of(connection, head, first):
    """The Body of a request head that has one."""
    from .asgi_channel import MessageBody

    settings = connection.server.settings
    framing = CloseBody(settings.max_body_length) if head.is_chunked else LengthBody(head.content_length)
    return MessageBody(connection.transport, framing, settings, head.expects_continue, first)
