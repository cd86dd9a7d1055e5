"""What a request in a task is answered when its handler failed, or the source of its answer. Loaded then. Layer 9."""

from ..errors import DeadlineError, PeerError
from ..messages.answer import encode_answer
from ..port import system
from ..routing.misses import fault, lines_of


async def result_of(request, error):
    """(result, status) of what answers this error; waits for its handler."""
    result, status = fault(request, error)
    if system.is_coroutine(result):
        try:
            result = await result
        except Exception as second:
            result, status = fault(request, second, True)
    return result, status


async def answer_of(connection, request, error):
    """(the answer's bytes, what follows them or None), as `exchange` sends them; waits."""
    if request.has_body and isinstance(error, (PeerError, DeadlineError)):
        connection.is_last = connection.is_refusing = True  # as for a handler's
    result, status = await result_of(request, error)
    answer, rest = encode_answer(result, status, request.head, connection.is_last, lines_of(request))
    if rest is not None:
        from ..messages.pieces import begin

        rest = await begin(connection, request, answer, rest)
    return answer, rest
