"""The client: verified by default, connections kept and used again. Layer 9."""

from ..client_limits import CLIENT
from ..connections.session import Session
from ..connections.transport import Sweeper
from ..engines import engine
from ..errors import NetworkError, OutOfMemory
from ..port import system
from ..settings import settle, tick_of
from ..trust import Trust
from ..wire.headers import Headers
from .asked import Asked
from .dial import dial
from .link import Link
from .link_pool import LinkPool

NO_MEMORY = OutOfMemory("out_of_memory")  # made in time: when it is needed there may be no room for it
IDEMPOTENT = ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE")  # RFC 9110 section 9.2.2
MAX_TICKETS = 100  # origins whose TLS session is kept for the next connection


class Settings:
    """The settings of one client, as attributes."""

    engine = engine  # the module of its TLS library


class Client:
    """Makes requests; `trust` defaults to the public roots. Settings: docs/defaults.md, and `engine` (docs/engines.md).

    Close it at last, or `async with` it. Raises UsageError for a setting that there is not, or that cannot be so.

    `cookies` is the CookieJar, None before the first cookie has come (or for ever, with `keep_cookies=False`).
    """

    def __init__(self, trust=None, identity=None, **settings):
        self.settings = settle(Settings(), CLIENT, settings)
        self.cookies = None
        self._trust = trust or Trust.public()
        self._identity = identity
        self._context = None
        self._tickets = {}  # origin: the TLS session of its last connection
        self.pool = LinkPool(self.settings)
        self._sweeper = Sweeper(tick_of(self.settings))

    async def __aenter__(self):
        return self

    async def __aexit__(self, *reason):
        await self.close()

    async def get(self, url, headers=(), auth=None):
        """GET; see `request`."""
        return await self.request("GET", url, headers, auth=auth)

    async def head(self, url, headers=(), auth=None):
        """HEAD; see `request`."""
        return await self.request("HEAD", url, headers, auth=auth)

    async def delete(self, url, headers=(), body=None, json=None, auth=None):
        """DELETE; see `request`."""
        return await self.request("DELETE", url, headers, body, json, auth)

    async def post(self, url, body=b"", headers=(), json=None, auth=None):
        """POST; see `request`."""
        return await self.request("POST", url, headers, body, json, auth)

    async def put(self, url, body=b"", headers=(), json=None, auth=None):
        """PUT; see `request`."""
        return await self.request("PUT", url, headers, body, json, auth)

    async def patch(self, url, body=b"", headers=(), json=None, auth=None):
        """PATCH; see `request`."""
        return await self.request("PATCH", url, headers, body, json, auth)

    async def request(self, method, url, headers=(), body=None, json=None, auth=None):
        """The Answer; waits, at most as long as the timeouts in the settings allow.

        `body` is bytes, text, or an async iterator of bytes (sent chunked); `json` is sent as JSON instead; `auth` is a
        pair (name, password) or one of `client_auth`. Redirects are followed. Raises UsageError, NetworkError,
        DeadlineError, TrustError, ClockError and PeerError, and never gives a body that was cut short.
        """
        seconds = self.settings.total_timeout
        try:
            asked = Asked(method, url, headers, body, json, auth)
            if seconds:
                return await system.within(seconds, self._request(asked), "total_timeout")
            return await self._request(asked)
        except MemoryError:
            system.collect()
            raise NO_MEMORY

    async def _request(self, asked):
        more = [("Accept-Encoding", "gzip, deflate")] if self.settings.accept_gzip else []
        link, response, body, url = await self.perform(asked, more)
        try:
            content = await body.read(self.settings.max_content_length)
        except BaseException:
            self.pool.drop(link)
            raise
        link.settle(response, body)
        self.pool.release(link)
        if more and content and not response.is_plain:
            from .content_coding import decoded

            content = decoded(content, response.fields, self.settings.max_content_length)
        return Answer(response, content, link.session, url)

    def stream(self, method, url, headers=(), body=None, json=None, auth=None, progress=None):
        """An answer whose body is read piece by piece (Streaming): `async with client.stream("GET", url) as answer`.

        `progress(received, length)` is called with each piece; the length is None where none was announced.
        """
        from .streaming import Streaming

        return Streaming(self, Asked(method, url, headers, body, json, auth), progress)

    def start(self, url, on_event, headers=(), body=None, json=None, auth=None, method=None):
        """A request that tells `on_event(name, value)` how it goes (Started); waits for nothing, needs a running loop.

        Without a method it is a GET, with a body a POST. Raises UsageError; all else is told as an event.
        """
        from .started import Started

        method = method or ("GET" if body is None and json is None else "POST")
        return Started(self, Asked(method, url, headers, body, json, auth), on_event, Answer)

    async def websocket(self, url, subprotocols=(), headers=()):
        """A WebSocket over a connection of its own, which is not closed with the client; waits.

        Raises PeerError("websocket_refused") with the status of the answer, PeerError("bad_websocket_handshake"), and
        what `request` raises. Redirects are not followed.
        """
        from .websocket_client import open_websocket, websocket_url

        url = websocket_url(url)
        try:
            return await open_websocket(await self._open(url), url, subprotocols, headers, self)
        except MemoryError:
            system.collect()
            raise NO_MEMORY

    async def close(self):
        """Close the connections at rest, waits for nobody; may be called twice.

        Those in use come to their end, or to their deadline.
        """
        self.pool.close()
        if not (self.pool.busy or self.pool.opening):
            self._sweeper.stop()

    async def perform(self, asked, more=()):
        """(link, head, Body, Url) of the answer, behind redirects and challenges; waits, raises as `request`.

        `more` are header fields for those the application has not given. The link is the caller's, to settle and keep.
        """
        count = 0
        while True:
            link, response, body = await self._exchange(asked, more)
            url = asked.url
            if self.settings.keep_cookies and not response.is_plain:
                self._take_cookies(url, response.fields)
            if not 300 < response.status < 400 and response.status != 401:
                return link, response, body, url
            from .following import follow

            try:
                if not follow(asked, response, self.settings, count):
                    return link, response, body, url
            except BaseException:
                self.pool.drop(link)
                raise
            count += response.status != 401
            await self._forget(link, response, body)

    async def _forget(self, link, response, body):
        """Nobody wants this body: a short one is read, so that the connection lives."""
        try:
            await body.drain()
        except NetworkError:
            pass
        except BaseException:
            self.pool.drop(link)
            raise
        link.settle(response, body)
        self.pool.release(link)

    def _take_cookies(self, url, fields):
        for name, _ in fields:
            if name.lower() == b"set-cookie":
                if self.cookies is None:
                    from .cookie_jar import CookieJar

                    self.cookies = CookieJar()
                self.cookies.take(url, fields)
                return

    def _head_of(self, asked, more):
        more = [("User-Agent", self.settings.user_agent)] + list(more)
        if self.cookies:
            value = self.cookies.header(asked.url)
            if value:
                more.append(("Cookie", value))
        if asked.auth is not None:
            if not hasattr(asked.auth, "first"):
                from ..client_auth import auth_of

                asked.auth = auth_of(asked.auth)
            value = asked.auth.first(asked)
            if value:
                more.append(("Authorization", value))
        if self.settings.proxy and asked.url.scheme == "http":
            from .proxy import credentials, proxy_url

            return asked.encode(more + credentials(proxy_url(self.settings.proxy)), str(asked.url))
        return asked.encode(more)

    async def _exchange(self, asked, more):
        """Over a connection at rest if there is one; when that had ended meanwhile, once more over a new one."""
        head = self._head_of(asked, more)
        origin = _origin(asked.url)
        link = self.pool.take(origin)
        is_reused = link is not None
        while True:
            if link is None:
                link = await self._find_link(asked.url, origin)
            try:
                if asked.on_link is not None:
                    asked.on_link(link)
                response, body = await link.exchange(asked.method, head, asked.body)
            except BaseException as error:
                self.pool.drop(link)
                is_stale = isinstance(error, NetworkError) and error.code == "reset" and not link.has_answered
                if not (is_reused and is_stale and asked.method in IDEMPOTENT and isinstance(asked.body, bytes)):
                    raise
            else:
                if not is_reused and self.settings.session_tickets:
                    self._keep_ticket(link)
                return link, response, body
            is_reused = False
            link = None

    async def _find_link(self, url, origin):
        """A new connection, or one that has come to rest while there was no room for another; waits."""
        pool = self.pool
        while not pool.has_room(origin):
            from .link_waiting import wait_for_room

            await wait_for_room(pool, origin)
            link = pool.take(origin)
            if link is not None:
                return link
        pool.opening.append(origin)
        link = None
        try:
            try:
                link = await self._open(url)
            except (MemoryError, OutOfMemory):
                if not pool.idle:
                    raise
                pool.close()  # what rests gives its memory, when the loop has turned
                await system.sleep(0)
                link = await self._open(url)
            pool.busy.add(link)
            return link
        finally:
            pool.opening.remove(origin)
            if link is None and pool.waiting:
                pool.wake()

    def _keep_ticket(self, link):
        ticket = link.transport.channel.ticket() if link.origin[0] == "https" else None
        if ticket is not None:
            if len(self._tickets) >= MAX_TICKETS and link.origin not in self._tickets:
                self._tickets.clear()
            self._tickets[link.origin] = ticket

    async def _open(self, url):
        origin = _origin(url)
        is_secure = url.scheme in ("https", "wss")
        if is_secure and self._context is None:
            self._context = self.settings.engine.client_context(self._trust, self._identity, self.settings)
        context = self._context if is_secure else None
        proxy = self.settings.proxy
        where = url
        if proxy and url.scheme == "http":  # a proxy is asked itself for what is not secret (RFC 9112 section 3.2.2)
            from .proxy import proxy_url

            where, proxy = proxy_url(proxy), None
        transport = await dial(where.host, where.port, context, self._trust, self.settings, self._sweeper,
                               self._tickets.get(origin), proxy)
        return Link(transport, origin, Session(transport, (url.host, url.port)), self.settings)


class Answer:
    """An answer read whole: `status`, `headers`, `body` (bytes), `text()`, `json()`, `session`, `url` (its Url)."""

    __slots__ = ("_fields", "body", "session", "status", "url")

    def __init__(self, head, body, session, url):
        self.url = url
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


def fetch(url, method="GET", headers=(), body=None, json=None, auth=None, trust=None, identity=None, **settings):
    """One request and its Answer, without async: blocks. Arguments and errors as for Client and `request`."""

    async def once():
        client = Client(trust, identity, **settings)
        try:
            answer = await client.request(method, url, headers, body, json, auth)
            if system.SIZE:
                _ = answer.session.tls  # which cannot be asked for any more when the connection has gone
            return answer
        finally:
            await client.close()

    return system.run(once())


def _origin(url):
    return url.scheme, url.host, url.port
