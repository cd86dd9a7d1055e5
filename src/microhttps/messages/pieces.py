"""Answers that go out in pieces: bodies of iterators, files, and bytes too many to be copied behind their head.

Loaded with the first such answer. A body of known length is sent as it is, another in chunks, or to HTTP/1.0 until the
close. Whatever happens, the source is closed, and what is not whole is cut so that nobody takes it for whole. Layer 6.
"""

from ..errors import UsageError
from ..port import system
from ..wire.http1 import LAST_CHUNK

JOINED = (1024, 16 * 1024)[system.SIZE]  # pieces up to this size are copied behind what is to be sent before them
TURN = 0.02  # seconds after which others have their turn, though the peer takes all that comes at once


class Sized:
    """A source of pieces that are `length` bytes together."""

    __slots__ = ("length", "source")

    def __init__(self, source, length):
        if not isinstance(length, int) or length < 0:
            raise UsageError("bad_length", got=length)
        self.source = source
        self.length = length


async def begin(connection, request, answer, rest):
    """The Outgoing of what follows `answer`, the head; its source has given its first piece, or raised.

    `rest` is Sized, bytes, or an iterator of unknown length; an iterator may have `attach(connection, request)` and
    `detach()` instead of `close()`.
    """
    outgoing = Outgoing(rest, request.head)
    if outgoing.left is None and not request.head.minor:
        connection.is_last = True  # the close is the end of it
    try:
        if request.head.method != "HEAD" and answer[9:12] not in (b"204", b"304"):
            await outgoing.begin(connection, request)
    except BaseException:
        await outgoing.release()
        raise
    return outgoing


class Outgoing:
    """A body on its way: the source, what it has given first, and how many bytes are `left` if that is known."""

    _first = None

    def __init__(self, rest, head):
        self.left = None
        if isinstance(rest, Sized):
            rest, self.left = rest.source, rest.length
        elif isinstance(rest, bytes):
            rest, self.left = iter((rest,)), len(rest)
        self._source = self._iterator = rest
        self._is_async = hasattr(rest, "__aiter__") or hasattr(rest, "__anext__")
        self._is_chunked = head.minor and self.left is None
        self._is_wanted = False

    async def begin(self, connection, request):
        """Take the first piece."""
        source = self._source
        self._is_wanted = True
        if hasattr(source, "attach"):
            source.attach(connection, request)
        if hasattr(source, "__aiter__"):
            self._iterator = source.__aiter__()
        elif not self._is_async and not hasattr(source, "__next__"):
            self._iterator = iter(source)
        self._first = await _next(self._iterator, self._is_async)

    async def send(self, connection, answer, send):
        """Send the head and then all pieces; raises NetworkError, and whatever the source raises."""
        try:
            if self._is_wanted:
                await self._send_pieces(connection, answer, send)
            else:
                await send(connection, answer)
        except BaseException as error:
            connection.lost_by = error  # for `on_session`, at the close
            _cut(connection.transport)
            connection.lost_by = None  # its traceback holds us
            raise
        finally:
            await self.release()

    async def release(self):
        """Tell the source that it is over."""
        if self._iterator is not self._source:
            await _release(self._iterator)
        await _release(self._source)

    async def _send_pieces(self, connection, waiting, send):
        end = b"\r\n" if self._is_chunked else b""
        turn = system.after(TURN)
        piece, self._first = self._first, None
        while piece is not None:
            if self.left is not None:
                await self._count(piece)
            if self._is_chunked:
                waiting += b"%x\r\n" % len(piece)
            if len(piece) > JOINED:
                if waiting:
                    await send(connection, waiting)
                await send(connection, piece)
                waiting = end
            else:
                await send(connection, waiting + piece + end)
                waiting = b""
            if system.is_past(turn, system.now()):
                await system.sleep(0)
                turn = system.after(TURN)
            piece = await _next(self._iterator, self._is_async)
        if self.left:
            raise UsageError("bad_length", "an answer ended %d bytes before the end announced" % self.left)
        waiting += LAST_CHUNK if self._is_chunked else b""
        if waiting:
            await send(connection, waiting)

    async def _count(self, piece):
        """Before the last piece goes out it is certain that none follows: the client would have taken it for whole."""
        self.left -= len(piece)
        if self.left < 0 or not self.left and await _next(self._iterator, self._is_async) is not None:
            raise UsageError("bad_length", "an answer has more bytes than were announced")


async def _next(iterator, is_async):
    """The next piece that is not empty, None at the end."""
    while True:
        try:
            piece = await iterator.__anext__() if is_async else next(iterator)
        except (StopAsyncIteration, StopIteration):
            return None
        if isinstance(piece, str):
            piece = piece.encode()
        elif piece is not None and not isinstance(piece, (bytes, bytearray, memoryview)):
            raise UsageError("bad_piece", got=type(piece).__name__)
        if piece:
            return piece


async def _release(source):
    """Tell a source that it is over: it may hold a file, or listen to others."""
    if hasattr(source, "detach"):
        source.detach()
    elif hasattr(source, "close"):
        source.close()
    elif hasattr(source, "aclose"):
        await source.aclose()


def _cut(transport):
    """Close without TLS's notice of an end: where no length is known, that is how the peer tells a cut from an end."""
    channel = getattr(transport, "channel", None)
    if channel is not None and channel.is_secure:
        channel.is_established = False
    transport.close()
