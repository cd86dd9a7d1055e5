"""One request in a task: its body awaited, its handler awaited, its answer sent however long it is.

Loaded with the first request that needs it. Every wait has a deadline; an answer whose source fails half-way ends in
a closed connection, never in something that looks whole. Layer 5.
"""

from .answer import encode_answer
from .errors import DeadlineError, PeerError
from .http1 import LAST_CHUNK, encode_chunk
from .misses import fault, lines_of
from .port import system
from .waiting import send as send_all


async def send_within(connection, data):
    """Send all of it within the server's send_timeout and min_rate."""
    settings = connection.server.settings
    await send_all(connection.transport, data, settings.send_timeout, settings.min_rate)


async def work(connection, job, unsent):
    """The task of a busy connection: send what is left, do the job, and go on while there is something to do."""
    try:
        while True:
            if unsent:
                await send_within(connection, unsent)
            if job:
                await perform(connection, job)
            if connection.is_last:
                connection.close_behind(len(connection.pending) > 0)
                break
            data, connection.pending = connection.pending, b""
            job, unsent = connection.advance(data)
            if not job and not unsent:
                break
    except Exception as error:
        connection.fail(error)
        return
    connection.resume()


async def perform(connection, job, send=send_within):
    """Answer one request, its bytes by `send(connection, data)`; raises NetworkError when the peer is gone."""
    request, handler, status, result, kind = job
    has_failed = False
    try:
        if handler is not None:
            if kind == system.PLAIN:
                await request.read()
            result = handler(request)
        if system.is_coroutine(result):
            result = await result
    except Exception as error:
        if connection.transport.is_closed:
            raise  # nobody is there to be told
        result, status = await _fault(request, error)
        # What is behind a body that broke a rule, or did not come, is no request.
        has_failed = isinstance(error, (PeerError, DeadlineError))
    if getattr(connection, "websocket", None) is not None:
        return  # the connection was something else's since, and has closed
    if request.has_body and not request.body.is_complete() and (
            has_failed or connection.is_last or not request.body.is_drainable()):
        connection.is_last = connection.is_refusing = True  # the rest of it is still to come, and nobody wants it
    await respond(connection, request, result, status, send)
    if request.has_body:
        if not (connection.is_last or request.body.is_complete() or await request.body.drain()):
            connection.is_last = connection.is_refusing = True
        connection.pending = request.body.pending


async def _fault(request, error):
    result, status = fault(request, error)
    if system.is_coroutine(result):
        try:
            result = await result
        except Exception as second:
            result, status = fault(request, second, True)
    return result, status


async def respond(connection, request, result, status, send):
    """Encode and send; an iterator's pieces as chunks, or to HTTP/1.0 until the close."""
    server = connection.server
    head = request.head
    try:
        answer, rest = encode_answer(result, status, head, connection.is_last, lines_of(request))
    except Exception as error:
        result, status = await _fault(request, error)
        answer, rest = encode_answer(result, status, head, connection.is_last, lines_of(request))
    if server.on_event is not None:
        server.tell("request", connection, request=request, answer=answer)
    if rest is None:
        await send(connection, answer)
        return
    if not head.minor:
        connection.is_last = True
    try:
        if hasattr(rest, "attach") and head.method != "HEAD":
            rest.attach(connection, request)
        await send_pieces(connection, answer, rest, head, send)
    except BaseException:
        connection.transport.close()  # without the last chunk: the peer must see that it was cut
        raise
    finally:
        await release(rest)


async def release(pieces):
    """Tell the source of an answer that it is over, however it ended: it may hold a file, or listen to others."""
    if hasattr(pieces, "detach"):
        pieces.detach()
    elif hasattr(pieces, "close"):
        pieces.close()
    elif hasattr(pieces, "aclose"):
        await pieces.aclose()


async def send_pieces(connection, answer, pieces, head, send):
    """The head together with the first piece, then piece by piece; None and empty pieces are passed over."""
    waiting = answer
    if head.method != "HEAD":
        is_async = hasattr(pieces, "__aiter__") or hasattr(pieces, "__anext__")
        iterator = pieces.__aiter__() if hasattr(pieces, "__aiter__") else pieces
        while True:
            try:
                piece = await iterator.__anext__() if is_async else next(iterator)
            except (StopAsyncIteration, StopIteration):
                break
            piece = piece.encode() if isinstance(piece, str) else bytes(piece or b"")
            if piece:
                await send(connection, waiting + (encode_chunk(piece) if head.minor else piece))
                waiting = b""
        if head.minor:
            waiting += LAST_CHUNK
    if waiting:
        await send(connection, waiting)
