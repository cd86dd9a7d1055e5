"""One request in a task: its body awaited, its handler awaited, its answer sent however long it is.

Loaded with the first request that needs it. Every wait has a deadline; an answer whose source fails half-way ends in
a closed connection, never in something that looks whole. Layer 5.
"""

from .answer import encode_answer
from .errors import DeadlineError, PeerError
from .port import system
from .waiting import send as send_all

finish = system.finish


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
            if request.has_body and kind in (system.PLAIN, system.UNKNOWN):
                from .whole_bodies import call_behind

                result = await call_behind(handler, request, kind == system.PLAIN)
            else:
                result = handler(request)
        if system.is_coroutine(result):
            result = await finish(result)
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
    if kind is None:
        await deliver(connection, request, result[0], result[1], send)
    else:
        await respond(connection, request, result, status, send)
    if request.has_body:
        if not (connection.is_last or request.body.is_complete() or await request.body.drain()):
            connection.is_last = connection.is_refusing = True
        connection.pending = request.body.pending


async def _fault(request, error):
    from .misses import fault

    result, status = fault(request, error)
    if system.is_coroutine(result):
        try:
            result = await result
        except Exception as second:
            result, status = fault(request, second, True)
    return result, status


def _lines_of(request, status):
    if status == 200:
        return request.connection.server.date_line
    from .misses import lines_of

    return lines_of(request)


async def respond(connection, request, result, status, send):
    """Encode and send."""
    head = request.head
    try:
        answer, rest = encode_answer(result, status, head, connection.is_last, _lines_of(request, status))
    except Exception as error:
        result, status = await _fault(request, error)
        answer, rest = encode_answer(result, status, head, connection.is_last, _lines_of(request, status))
    await deliver(connection, request, answer, rest, send)


async def deliver(connection, request, answer, rest, send):
    """Send what is encoded; of a large body or an iterator the head, and then what follows."""
    server = connection.server
    if server.on_event is not None:
        server.tell("request", connection, request=request, answer=answer)
    if rest is None:
        await send(connection, answer)
    else:
        from .pieces import send_rest

        await send_rest(connection, request, answer, rest, send)
