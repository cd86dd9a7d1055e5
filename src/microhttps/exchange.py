"""One request in a task: its body awaited, its handler awaited, its answer sent however long it is.

Loaded with the first request that needs it. Every wait has a deadline; an answer whose source fails half-way ends in
a closed connection, never in something that looks whole. Layer 5.
"""

from .errors import DeadlineError, NetworkError
from .http1 import LAST_CHUNK, encode_chunk
from .port import system
from .response import encode_answer


async def work(connection, job, unsent):
    """The task of a busy connection: send what is left, do the job, and go on while there is something to do."""
    try:
        while True:
            if unsent:
                await send(connection, unsent)
            if job:
                await perform(connection, job)
            if connection.is_last:
                connection.transport.finish()
                break
            data, connection.pending = connection.pending, b""
            job, unsent = connection.advance(data)
            if not job and not unsent:
                break
    except Exception as error:
        connection.fail(error)
        return
    connection.resume()


async def perform(connection, job):
    """Answer one request; raises NetworkError when the peer is gone."""
    request, handler, status, result, kind = job
    try:
        if handler is not None:
            if kind != system.ASYNC and request.has_body:
                await request.read()
            result = handler(request)
        if system.is_coroutine(result):
            result = await result
    except Exception as error:
        if isinstance(error, NetworkError) and not isinstance(error, DeadlineError) and connection.transport.is_lost:
            raise
        result, status = connection.fault(request, error)
        if system.is_coroutine(result):
            result = await result
    if not request.body.is_complete():
        connection.is_last = True  # the rest of it is still to come, and nobody wants it
    await respond(connection, request, result, status)
    if request.has_body:
        connection.pending = request.body.pending


async def respond(connection, request, result, status):
    """Encode and send; an iterator's pieces as chunks, or to HTTP/1.0 until the close."""
    head = request.head
    try:
        answer, rest = encode_answer(result, status, head, connection.is_last, connection.server.date_line)
    except Exception as error:
        result, status = connection.fault(request, error)
        if system.is_coroutine(result):
            result = await result
        answer, rest = encode_answer(result, status, head, connection.is_last, connection.server.date_line)
    if connection.server.on_event is not None:
        connection.server.tell_request(request, answer)
    if rest is None:
        await send(connection, answer)
        return
    if not head.minor:
        connection.is_last = True
    try:
        await send_pieces(connection, answer, rest, head)
    except BaseException:
        connection.transport.close()  # never the last chunk: the peer must see that it was cut
        raise


async def send_pieces(connection, answer, pieces, head):
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


async def send(connection, data):
    """Send all of it, or raise DeadlineError when the peer does not take it."""
    settings = connection.settings
    connection.transport.set_deadline(settings.send_timeout, "send_timeout")
    await connection.transport.send(data, settings.min_rate, settings.send_timeout)
    connection.transport.deadline = None
