"""An answer that is read piece by piece: larger than memory, into a file, with its progress. Layer 9."""

from ..errors import PeerError
from ..port import system
from ..wire.headers import Headers


class Streaming:
    """`async with client.stream("GET", url) as answer`: `status`, `headers`, `url`, `session`, and the body to read.

    `async for piece in answer`, `await answer.read(limit)`, or `await answer.save(path)`. Whoever does not use `async
    with` awaits it and closes it; a body that was read to its end needs no closing, nor one that came with the head.
    What ends too soon raises PeerError("body_cut_short") or NetworkError, what stops DeadlineError.
    """

    _body = None
    _link = None
    _until = None  # when the `total_timeout` ends it

    def __init__(self, client, asked, progress):
        self._client = client
        self._asked = asked
        self._progress = progress
        self._received = 0

    async def open(self):
        """Send the request; itself when the head of the answer has come. Waits, and raises, as `Client.request`."""
        seconds = self._client.settings.total_timeout
        if seconds:
            self._until = system.after(seconds)
        self._link, self._head, self._body, self.url = await self._limited(self._client.perform(self._asked))
        self.status = self._head.status
        self.session = self._link.session
        if self._body.is_complete():
            self._let_go()
        else:
            self._link.left_at = system.now()
        return self

    async def __aenter__(self):
        return await self.open()

    async def __aexit__(self, *reason):
        self.close()

    def __await__(self):
        return self.open().__await__()

    def __iter__(self):  # what MicroPython's `await` asks for
        return self.open()

    @property
    def headers(self):
        """The header fields (Headers)."""
        return Headers(self._head.fields)

    @property
    def length(self):
        """The length of the body in bytes as it was announced, or None."""
        return self._head.content_length

    def __aiter__(self):
        return self

    async def __anext__(self):
        piece = await self._next()
        if not piece:
            raise StopAsyncIteration
        return piece

    async def _next(self):
        if self._body is None:
            return b""
        try:
            piece = await self._limited(self._body.next_chunk())
        except BaseException:
            self._drop()
            raise
        if self._link is not None:
            self._link.left_at = system.now()
        self._received += len(piece)
        if piece and self._progress is not None:
            self._progress(self._received, self.length)
        if not piece:
            self.close()
        return piece

    async def _limited(self, work):
        if self._until is None:
            return await work
        return await system.within(system.seconds_between(system.now(), self._until), work, "total_timeout")

    async def read(self, limit=None):
        """What is left of the body, whole; waits. Raises PeerError("body_too_large") beyond the limit."""
        limit = self._client.settings.max_content_length if limit is None else limit
        pieces = []
        size = 0
        async for piece in self:
            size += len(piece)
            if size > limit:
                self._drop()
                raise PeerError("body_too_large", limit=limit)
            pieces.append(piece)
        return b"".join(pieces)

    async def save(self, path):
        """Write what is left of the body to a file; how many bytes came. Waits. Of what failed nothing is left.

        Raises what reading raises, and OSError.
        """
        from ..messages.saving import save

        try:
            await save(self._next, path)
        except BaseException:
            self.close()
            raise
        return self._received

    def close(self):
        """Let the connection go: to be used again when the body was read, else closed. May be called twice."""
        self._let_go()
        self._body = None

    def _let_go(self):
        link, self._link = self._link, None
        if link is not None:
            link.settle(self._head, self._body)
            self._client.pool.release(link)

    def _drop(self):
        link, self._link, self._body = self._link, None, None
        if link is not None:
            self._client.pool.drop(link)

    def __del__(self):
        # Forgotten in the middle. MicroPython does not tell: there `link_waiting` ends it when its place is wanted.
        self._drop()
