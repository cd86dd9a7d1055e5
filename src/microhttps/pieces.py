"""Answers that go out in pieces: bodies of iterators, files, and bytes too many to be copied behind their head.

Loaded with the first such answer. A body of known length is sent as it is, another in chunks, or to HTTP/1.0 until the
close. Whatever happens, the source is closed, and what is not whole is cut so that nobody takes it for whole. Layer 5.
"""

from .errors import UsageError
from .http1 import LAST_CHUNK
from .port import system

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


async def send_rest(connection, request, answer, rest, send):
    """Send the head of an answer and then its pieces; raises NetworkError, and whatever the source raises.

    `rest` is Sized, bytes, or an iterator of unknown length; an iterator may have `attach(connection, request)` and
    `detach()` instead of `close()`.
    """
    head = request.head
    source, left = rest, None
    if isinstance(rest, Sized):
        source, left = rest.source, rest.length
    elif isinstance(rest, bytes):
        source, left = iter((rest,)), len(rest)
    elif not head.minor:
        connection.is_last = True  # the close is the end of it
    iterator = source
    try:
        if head.method == "HEAD" or answer[9:12] in (b"204", b"304"):
            await send(connection, answer)
            return
        if hasattr(source, "attach"):
            source.attach(connection, request)
        is_async = hasattr(source, "__aiter__") or hasattr(source, "__anext__")
        if hasattr(source, "__aiter__"):
            iterator = source.__aiter__()
        elif not is_async and not hasattr(source, "__next__"):
            iterator = iter(source)
        await _send_pieces(connection, answer, iterator, is_async, head.minor and left is None, left, send)
    except BaseException:
        _cut(connection.transport)
        raise
    finally:
        if iterator is not source:
            await _release(iterator)
        await _release(source)


async def _send_pieces(connection, waiting, iterator, is_async, is_chunked, left, send):
    end = b"\r\n" if is_chunked else b""
    turn = system.after(TURN)
    while True:
        piece = await _next(iterator, is_async)
        if piece is None:
            break
        if left is not None:
            left -= len(piece)
            if left <= 0 and (left or await _next(iterator, is_async) is not None):
                raise UsageError("bad_length", "an answer has more bytes than were announced")
        if is_chunked:
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
    if left:
        raise UsageError("bad_length", "an answer ended %d bytes before the end announced" % left)
    waiting += LAST_CHUNK if is_chunked else b""
    if waiting:
        await send(connection, waiting)


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
