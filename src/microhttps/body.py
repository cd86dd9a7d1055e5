"""A message body as it arrives, for both roles: `async for chunk`, or whole with `read`.

The framing says where it ends, the deadline that it comes at all and not by the drop. Loaded with the first body, so
that a board which only answers GET never pays for it. Layer 5.
"""

from .errors import PeerError
from .framing import ChunkedBody, CloseBody, LengthBody
from .port import system
from .transport import extended

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Body:
    """The body of one message; iterate it, or `await read(limit)`. `pending` is what came behind it."""

    __slots__ = ("_framing", "_min_rate", "_must_continue", "_received", "_started", "_timeout", "_transport",
                 "pending")

    def __init__(self, transport, framing, pending, timeout, min_rate=0, must_continue=False):
        self._transport = transport
        self._framing = framing
        self._timeout = timeout
        self._min_rate = min_rate
        self._must_continue = must_continue
        self._started = system.now()
        self._received = 0
        self.pending = pending

    def is_complete(self):
        """Whether nothing of it is left to come."""
        return self._framing.is_complete

    async def next_chunk(self):
        """The next bytes, b"" behind the last; waits. Raises PeerError("body_cut_short", "bad_chunk", …), DeadlineError."""
        framing = self._framing
        while not framing.is_complete:
            if not self.pending:
                await self._receive()
                if framing.is_complete:
                    break
            payload, end = framing.take(self.pending, 0)
            self.pending = self.pending[end:]
            if payload:
                return payload
        self._transport.deadline = None
        return b""

    async def _receive(self):
        transport = self._transport
        if self._must_continue:
            self._must_continue = False
            await transport.send(CONTINUE)
        transport.set_deadline(self._timeout, "recv_timeout")
        transport.deadline = extended(self._started, self._timeout, self._received, self._min_rate)
        data = await transport.receive()
        self._received += len(data)
        self.pending = data
        if not data:
            if transport.channel.was_cut and isinstance(self._framing, CloseBody):
                raise PeerError("body_cut_short", "the connection ended without notice, so the body may be cut")
            self._framing.at_end_of_stream()

    async def read(self, limit):
        """All of it as bytes; waits. Raises PeerError("body_too_large", 413) beyond the limit."""
        announced = getattr(self._framing, "length", 0)
        chunks = []
        total = 0
        while True:
            if announced > limit or total > limit:
                raise PeerError("body_too_large", "a body of at most %d bytes is held in memory" % limit, status=413)
            chunk = await self.next_chunk()
            if not chunk:
                return chunks[0] if len(chunks) == 1 else b"".join(chunks)
            chunks.append(chunk)
            total += len(chunk)

    def __aiter__(self):
        return self

    async def __anext__(self):
        chunk = await self.next_chunk()
        if not chunk:
            raise StopAsyncIteration
        return chunk


def framing_of(head, max_body_length):
    """The framing of a request or response head that has a body."""
    if head.is_chunked:
        return ChunkedBody(max_body_length)
    if head.content_length is None:
        return CloseBody(max_body_length)
    if head.content_length > max_body_length:
        raise PeerError("body_too_large", "a body of at most %d bytes is taken" % max_body_length, status=413,
                        announced=head.content_length)
    return LengthBody(head.content_length)
