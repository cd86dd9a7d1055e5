"""The client: verified by default, connections kept and used again. Layer 5."""

from .client_limits import CLIENT
from .dial import dial
from .engines import engine
from .errors import NetworkError, OutOfMemory, UsageError
from .headers import Headers, encode_fields
from .link import Link
from .port import system
from .session import Session
from .settings import settle, tick_of
from .transport import Sweeper
from .trust import Trust
from .url import parse_url

NO_MEMORY = OutOfMemory("out_of_memory")  # made in time: when it is needed there may be no room for it
IDEMPOTENT = ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE")  # RFC 9110 section 9.2.2


class Settings:
    """The settings of one client, as attributes."""


class Client:
    """Makes requests; `trust` defaults to the public roots, settings are those of client_limits. Close it at last."""

    def __init__(self, trust=None, identity=None, **settings):
        self.settings = settle(Settings(), CLIENT, settings)
        self._trust = trust or Trust.public()
        self._identity = identity
        self._context = None
        self._idle = []  # links at rest, the longest idle first
        self._sweeper = Sweeper(tick_of(self.settings))

    async def __aenter__(self):
        return self

    async def __aexit__(self, *reason):
        await self.close()

    async def get(self, url, headers=()):
        """GET; see `request`."""
        return await self.request("GET", url, headers)

    async def head(self, url, headers=()):
        """HEAD; see `request`."""
        return await self.request("HEAD", url, headers)

    async def delete(self, url, headers=(), body=None, json=None):
        """DELETE; see `request`."""
        return await self.request("DELETE", url, headers, body, json)

    async def post(self, url, body=b"", headers=(), json=None):
        """POST; see `request`."""
        return await self.request("POST", url, headers, body, json)

    async def put(self, url, body=b"", headers=(), json=None):
        """PUT; see `request`."""
        return await self.request("PUT", url, headers, body, json)

    async def patch(self, url, body=b"", headers=(), json=None):
        """PATCH; see `request`."""
        return await self.request("PATCH", url, headers, body, json)

    async def request(self, method, url, headers=(), body=None, json=None):
        """The Answer; waits, at most as long as the timeouts in the settings allow.

        `body` is bytes, text, or an async iterator of bytes (sent chunked); `json` is sent as JSON instead. Raises
        UsageError, NetworkError, DeadlineError, TrustError, ClockError and PeerError, and never gives a body that was
        cut short.
        """
        try:
            return await self._request(method, url, headers, body, json)
        except MemoryError:
            system.collect()
            raise NO_MEMORY

    async def _request(self, method, url, headers, body, json):
        url = parse_url(url)
        if url.scheme not in ("https", "http"):
            raise UsageError("bad_url", "http or https expected", scheme=url.scheme)
        head, body = self._encode(method, url, headers, body, json)
        link, response, body = await self._exchange(method, url, head, body)
        try:
            content = await body.read(self.settings.max_content_length)
        except BaseException:
            link.transport.close()
            raise
        link.settle(response, body)
        self._keep(link)
        return Answer(response, content, link.session)

    async def websocket(self, url, subprotocols=(), headers=()):
        """A WebSocket over a connection of its own, which is not closed with the client; waits.

        Raises PeerError("websocket_refused") with the status of the answer, PeerError("bad_websocket_handshake"), and
        what `request` raises. Redirects are not followed.
        """
        from .websocket_client import open_websocket, websocket_url

        url = websocket_url(url)
        try:
            return await open_websocket(await self._open(url), url, subprotocols, headers, self.settings)
        except MemoryError:
            system.collect()
            raise NO_MEMORY

    async def close(self):
        """Close the connections at rest; may be called twice."""
        while self._idle:
            self._idle.pop().transport.close()
        self._sweeper.stop()

    async def _exchange(self, method, url, head, body):
        """Over a connection at rest if there is one; when that had ended meanwhile, once more over a new one."""
        link = self._take_idle(url)
        is_reused = link is not None
        while True:
            if link is None:
                link = await self._open(url)
            try:
                response, answer = await link.exchange(method, head, body)
                return link, response, answer
            except BaseException as error:
                link.transport.close()
                is_stale = isinstance(error, NetworkError) and error.code == "reset" and not link.has_answered
                if not (is_reused and is_stale and method in IDEMPOTENT and isinstance(body, bytes)):
                    raise
            is_reused = False
            link = None

    async def _open(self, url):
        if url.scheme == "https" and self._context is None:
            self._context = engine.client_context(self._trust, self._identity, self.settings)
        context = self._context if url.scheme == "https" else None
        transport = await dial(url.host, url.port, context, self._trust, self.settings, self._sweeper)
        return Link(transport, _origin(url), Session(transport, (url.host, url.port)), self.settings)

    def _take_idle(self, url):
        origin = _origin(url)
        for link in reversed(self._idle):
            if link.origin == origin:
                self._idle.remove(link)
                if link.wake():
                    return link
                return self._take_idle(url)
        return None

    def _keep(self, link):
        if not link.is_reusable:
            return
        self._idle = [other for other in self._idle if not other.transport.is_closed]
        if self.settings.max_idle_connections < 1:
            link.transport.close()
            return
        while len(self._idle) >= self.settings.max_idle_connections:
            self._idle.pop(0).transport.close()
        self._idle.append(link)
        link.rest(self.settings.keep_alive_timeout)

    def _encode(self, method, url, headers, body, json):
        """(the request's head as bytes, its body as bytes or an async iterator)."""
        if not method or not method.replace("-", "").isalpha():
            raise UsageError("bad_method", got=method)
        pairs = list(headers.items() if hasattr(headers, "items") else headers)
        given = [name.lower() for name, _ in pairs]
        lines = [("Host", url.authority)] if "host" not in given else []
        if "user-agent" not in given:
            lines.append(("User-Agent", self.settings.user_agent))
        if json is not None:
            from json import dumps

            body = dumps(json).encode()
            if "content-type" not in given:
                lines.append(("Content-Type", "application/json"))
        if isinstance(body, str):
            body = body.encode()
        if body is None or isinstance(body, (bytes, bytearray, memoryview)):
            body = bytes(body or b"")
            if body or method in ("POST", "PUT", "PATCH"):
                lines.append(("Content-Length", len(body)))
        elif hasattr(body, "__aiter__"):
            lines.append(("Transfer-Encoding", "chunked"))
        else:
            raise UsageError("bad_body", got=type(body).__name__)
        for name in ("content-length", "transfer-encoding"):
            if name in given:
                raise UsageError("bad_header_name", "this field follows from the body", name=name)
        start = "%s %s HTTP/1.1\r\n" % (method.upper(), url.target)
        return start.encode() + encode_fields(lines + pairs) + b"\r\n", body


class Answer:
    """An answer read whole: `status`, `headers`, `body` (bytes), `text()`, `json()`, `session`."""

    __slots__ = ("_fields", "body", "session", "status")

    def __init__(self, head, body, session):
        self.status = head.status
        self._fields = head.fields
        self.body = body
        self.session = session

    @property
    def headers(self):
        """The header fields (Headers)."""
        return Headers(self._fields)

    def text(self):
        """The body as text (UTF-8); raises UnicodeError."""
        return self.body.decode()

    def json(self):
        """The body as JSON; raises ValueError."""
        import json

        return json.loads(self.body)


def fetch(url, method="GET", headers=(), body=None, json=None, trust=None, identity=None, **settings):
    """One request and its Answer, without async: blocks. Arguments and errors as for Client and `request`."""

    async def once():
        client = Client(trust, identity, **settings)
        try:
            return await client.request(method, url, headers, body, json)
        finally:
            await client.close()

    return system.run(once())


def _origin(url):
    return url.scheme, url.host, url.port
