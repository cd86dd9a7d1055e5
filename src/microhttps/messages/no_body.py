"""The body of a message that has none, or of an answer that came whole with its head. Layer 6."""


class NoBody:
    """The body of a message that has none; `pending` is what came behind the head."""

    def __init__(self, pending=b""):
        self.pending = pending

    def is_complete(self):
        """True."""
        return True

    async def drain(self):
        """True: nothing is left."""
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


class WholeBody(NoBody):
    """A body that is here already: nothing is left to come, and the connection is free for the next request."""

    def __init__(self, content):
        self.pending = b""
        self._content = content

    async def next_chunk(self):
        """All of it, then b""."""
        content, self._content = self._content, b""
        return content

    async def read(self, limit):
        """All of it; raises PeerError("body_too_large") beyond the limit."""
        if len(self._content) > limit:
            from ..errors import PeerError

            raise PeerError("body_too_large", status=413, limit=limit, setting="max_content_length")
        return self._content

    async def __anext__(self):
        content = await self.next_chunk()
        if not content:
            raise StopAsyncIteration
        return content


NO_BODY = NoBody()
