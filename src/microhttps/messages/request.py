"""A request as a handler sees it: made for every request, so it works out only what is asked for. Layer 6."""


class Request:
    """One request: `method`, `path` (decoded), `params` (of the route), `query`, `headers`, `cookies`, `session`.

    A body is awaited (`read`, `json`, `form`, `async for chunk in request.body`, `async for part in request.parts()`).
    A plain `def` handler, which cannot wait, is called when the body is there: `content`. `trailers` come behind it.
    An authentication before the handler sets `user`.
    """

    __slots__ = ("_body", "_headers", "connection", "content", "has_body", "head", "kept", "method", "params", "user")

    def __init__(self, head, params, connection):
        self.head = head
        self.method = head.method
        self.params = params
        self.connection = connection
        self.has_body = head.has_body
        self.content = b""
        self._body = None
        self._headers = None

    @property
    def path(self):
        """The path, percent-decoded; raises PeerError when its coding is broken."""
        path = self.head.target.split("?", 1)[0]
        if "%" in path:
            from ..wire.url import percent_decode

            return percent_decode(path)
        return path

    @property
    def headers(self):
        """The header fields in order (Headers): `headers["Host"]`, `headers.get(name)`, pairs when iterated."""
        if self._headers is None:
            from ..wire.headers import Headers

            self._headers = Headers(self.head.fields)
        return self._headers

    @property
    def session(self):
        """The Session of the connection this came on."""
        return self.connection.session

    @property
    def body(self):
        """The Body: iterate it for its chunks as they come."""
        if self._body is None:
            from .no_body import NO_BODY

            self._body = NO_BODY
        return self._body

    def await_body(self, pending):
        """Give the request its body, of which `pending` (bytes) came with the head; raises PeerError (413)."""
        from .body import Body, framing_of

        settings = self.connection.server.settings
        self._body = Body(self.connection.transport, framing_of(self.head, settings.max_body_length), pending,
                          settings, self.head.expects_continue and not pending)

    async def read(self):
        """The whole body as bytes, at most `max_content_length`; waits. Raises PeerError and DeadlineError."""
        if self.has_body and not self.content:
            self.content = await self.body.read(self.connection.server.settings.max_content_length)
        return self.content

    def __getattr__(self, name):
        """What few handlers name (query, cookies, json, form, parts, trailers) is in `rare_request`."""
        from .rare_request import RareRequest

        return getattr(RareRequest(self), name)
