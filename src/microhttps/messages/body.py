"""A message body as it arrives, for both roles: `async for chunk`, or whole with `read`.

The framing says where it ends, the deadline that it comes at all and not by the drop. Loaded with the first body, so
that a board which only answers GET never pays for it. Layer 6.
"""

from ..connections.waiting import extended, receive, send
from ..errors import MicrohttpsError, PeerError
from ..port import system
from ..wire.framing import ChunkedBody, LengthBody

system.make_room()  # what is loaded now stays, and should not lie among rubbish
# Bytes that are there already are taken so many times in a row before others get their turn.
TURNS = 16
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Body:
    """The body of one message; iterate it, or `await read(limit)`. `pending` is what came behind it."""

    __slots__ = ("_received", "_returned", "_started", "_transport", "_turns", "framing", "is_broken", "must_continue",
                 "pending", "settings", "until")

    def __init__(self, transport, framing, pending, settings, must_continue=False):
        self._transport = transport
        self.framing = framing
        self.is_broken = False
        self._turns = 0
        self.until = None  # the deadline of all that is left, when nobody wants it
        self._returned = b""
        self.settings = settings
        self.must_continue = must_continue
        self._started = None
        self._received = 0
        self.pending = pending

    def is_complete(self):
        """Whether nothing of it is left to come."""
        return self.framing.is_complete

    async def next_chunk(self):
        """The next bytes, b"" behind the last; waits. Raises PeerError("body_cut_short", …), DeadlineError."""
        framing = self.framing
        if self._returned:
            payload, self._returned = self._returned, b""
            return payload
        if self.is_broken:
            raise PeerError("body_cut_short")
        try:
            while not framing.is_complete:
                if not self.pending:
                    await self._receive()
                    continue
                payload, end = framing.take(self.pending, 0)
                self.pending = self.pending[end:]
                if payload:
                    return payload
        except MicrohttpsError:
            self.is_broken = True  # nobody knows where it goes on
            raise
        return b""

    async def drain(self):
        """Read and forget what is left, if it is little; waits. Whether that was all. Raises NetworkError."""
        from .unread import drain

        return await drain(self)

    def give_back(self, payload):
        """Let the next to read find what the last has read."""
        self._returned = payload

    async def _receive(self):
        transport = self._transport
        settings = self.settings
        if self.must_continue:
            self.must_continue = False
            await send(transport, CONTINUE, settings.send_timeout)
        if self._started is None:
            self._started = system.now()  # not before: it is not the peer who makes a handler wait
        self._turns += 1
        if not self._turns % TURNS:
            await system.sleep(0)
        transport.deadline_name = "recv_timeout"
        transport.deadline = self.until
        if self.until is None:
            transport.deadline = extended(self._started, settings.recv_timeout, self._received, settings.min_rate)
        self.pending = await receive(transport)
        transport.deadline = None
        self._received += len(self.pending)
        if not self.pending:
            if transport.channel.was_cut and hasattr(self.framing, "needs_the_end"):
                raise PeerError("body_cut_short", received=self._received)
            self.framing.at_end_of_stream()

    async def read(self, limit):
        """All of it as bytes; waits. Raises PeerError("body_too_large", 413) beyond the limit."""
        chunks = []
        total = 0
        while total <= limit and getattr(self.framing, "length", 0) <= limit:
            chunk = await self.next_chunk()
            if not chunk:
                return chunks[0] if len(chunks) == 1 else b"".join(chunks)
            chunks.append(chunk)
            total += len(chunk)
        raise PeerError("body_too_large", status=413, limit=limit, setting="max_content_length")

    def __aiter__(self):
        return self

    async def __anext__(self):
        chunk = await self.next_chunk()
        if not chunk:
            raise StopAsyncIteration
        return chunk


def framing_of(head, max_body_length):
    """The framing of a request or response head that has a body; raises PeerError("body_too_large", 413)."""
    if head.is_chunked:
        return ChunkedBody(max_body_length)
    if head.content_length is None:
        from ..wire.close_body import CloseBody

        return CloseBody(max_body_length)
    if head.content_length > max_body_length:
        error = PeerError("body_too_large", status=413, limit=max_body_length, setting="max_body_length",
                          announced=head.content_length)
        error.head = head  # for the handler of a 413, which may want to know of what
        raise error
    return LengthBody(head.content_length)
