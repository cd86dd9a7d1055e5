"""A request as a handler sees it: made for every request, so it works out only what is asked for. Layer 5."""

from .errors import PeerError


class Request:
    """One request: `method`, `path` (decoded), `params` (of the route), `query`, `headers`, `cookies`, `session`.

    A body is awaited (`read`, `json`, `async for chunk in request.body`). A plain `def` handler, which cannot wait, is
    called when the body is there: `content`.
    """

    __slots__ = ("_content", "_headers", "body", "connection", "has_body", "head", "method", "params")

    def __init__(self, head, params, connection):
        self.head = head
        self.method = head.method
        self.params = params
        self.body = NO_BODY
        self.connection = connection
        self.has_body = head.is_chunked or head.content_length > 0
        self._content = None
        self._headers = None

    @property
    def path(self):
        """The path, percent-decoded; raises PeerError when its coding is broken."""
        path = self.head.target.split("?", 1)[0]
        if "%" not in path:
            return path
        from .url import percent_decode

        return percent_decode(path)

    @property
    def query(self):
        """The query as a dictionary of text; of a name given twice, the first. Raises PeerError."""
        query = {}
        if "?" in self.head.target:
            from .url import parse_query

            for name, value in parse_query(self.head.target.split("?", 1)[1]):
                query.setdefault(name, value)
        return query

    @property
    def headers(self):
        """The header fields in order (Headers): `headers["Host"]`, `headers.get(name)`, pairs when iterated."""
        if self._headers is None:
            from .headers import Headers

            self._headers = Headers(self.head.fields)
        return self._headers

    @property
    def cookies(self):
        """The cookies as a dictionary of text (RFC 6265 section 5.4)."""
        from .headers import parse_cookies

        return parse_cookies("; ".join(self.headers.get_all("cookie")))

    @property
    def session(self):
        """The Session of the connection this came on."""
        return self.connection.session

    @property
    def content(self):
        """The whole body as bytes, in a `def` handler; an `async def` handler awaits `read()` instead."""
        return self._content if self._content is not None else b""

    def await_body(self, pending):
        """Give the request its body, of which `pending` (bytes) came with the head; raises PeerError (413)."""
        from .body import Body, framing_of

        settings = self.connection.settings
        self.body = Body(self.connection.transport, framing_of(self.head, settings.max_body_length), pending,
                         settings.recv_timeout, settings.min_rate, self.head.expects_continue and not pending)

    async def read(self):
        """The whole body as bytes, at most `max_content_length`; waits. Raises PeerError and DeadlineError."""
        if self._content is None:
            self._content = await self.body.read(self.connection.settings.max_content_length)
        return self._content

    async def json(self):
        """The body as JSON; waits. Raises PeerError("bad_json", 400) when it is none."""
        return parse_json(await self.read())


def parse_json(content):
    """JSON from bytes; raises PeerError("bad_json", 400)."""
    import json

    try:
        return json.loads(content)
    except ValueError as error:
        raise PeerError("bad_json", "the body is not JSON", cause=error)


class NoBody:
    """The body of a request that has none."""

    def is_complete(self):
        """True."""
        return True

    async def next_chunk(self):
        """b"": the end."""
        return b""

    async def read(self, limit):
        """b"": nothing."""
        return b""

    def __aiter__(self):
        return self

    async def __anext__(self):
        raise StopAsyncIteration


NO_BODY = NoBody()
