"""Work queued into a server's event loop, from wherever: loaded with the first call. Layer 9."""

from ..errors import UsageError
from ..port import system


def call_soon(server, function, arguments):
    """As Server.call_soon."""
    listening = server._listening
    if listening is None:
        raise UsageError("not_started")

    def call():
        try:
            result = function(*arguments)
            if system.is_coroutine(result):
                system.spawn(_finish(server, result))
        except Exception as error:
            _report(server, error)

    try:
        system.call_soon(listening.sweeper.task, call)
    except RuntimeError as error:  # its loop has ended without it
        raise UsageError("not_started", cause=error)


async def _finish(server, coroutine):
    try:
        await coroutine
    except Exception as error:
        _report(server, error)


def _report(server, error):
    server.report(error, "work that was queued failed")
