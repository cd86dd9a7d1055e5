"""One request in a task: its body awaited, its handler awaited, its answer sent however long it is.

Loaded with the first request that needs it. Every wait has a deadline; an answer whose source fails half-way ends in
a closed connection, never in something that looks whole. Layer 9.
"""

from ..connections.waiting import send as send_all
from ..errors import DeadlineError, PeerError
from ..messages.answer import encode_answer
from ..port import system

system.make_room()  # what is loaded now stays, and should not lie among rubbish

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
                from ..messages.whole_bodies import call_behind

                result = await call_behind(handler, request, kind == system.PLAIN)
            else:
                result = handler(request)
        if system.is_coroutine(result):
            connection.working = request  # `leaving` sees meanwhile whether anybody is still there
            try:
                result = await finish(result)
            finally:
                connection.working = None
    except Exception as error:
        if connection.transport.is_closed:
            raise  # nobody is there to be told
        from .failures import result_of

        result, status = await result_of(request, error)
        # What is behind a body that broke a rule, or did not come, is no request.
        has_failed = isinstance(error, (PeerError, DeadlineError))
    if getattr(connection, "websocket", None) is not None:
        return  # the connection was something else's since, and has closed
    if request.has_body and not request.body.is_complete():
        from ..messages.unread import is_drainable

        if has_failed or connection.is_last or not is_drainable(request.body):
            connection.is_last = connection.is_refusing = True  # the rest of it is still to come, and nobody wants it
    await respond(connection, request, result, status, send, kind is None)
    if request.has_body:
        if not (connection.is_last or request.body.is_complete() or await request.body.drain()):
            connection.is_last = connection.is_refusing = True
        connection.pending = request.body.pending


async def respond(connection, request, result, status, send, is_encoded=False):
    """Encode, unless that is done, and send; a source that fails before its first piece is a handler that failed."""
    try:
        if not is_encoded:
            lines = connection.server.date_line
            if status != 200:
                from ..routing.misses import lines_of

                lines = lines_of(request)
            result = encode_answer(result, status, request.head, connection.is_last, lines)
        answer, rest = result
        if rest is not None:
            from ..messages.pieces import begin

            rest = await begin(connection, request, answer, rest)
    except Exception as error:
        if connection.transport.is_closed:
            raise
        from .failures import answer_of

        answer, rest = await answer_of(connection, request, error)
    server = connection.server
    if server.on_event is not None:
        server.tell("request", connection, request=request, answer=answer)
    if rest is None:
        await send(connection, answer)
    else:
        await rest.send(connection, answer, send)
