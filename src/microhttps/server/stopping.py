"""How a server ends: nobody is let in any more, who is idle goes, who is answered has `stop_timeout`.

A handler may stop its own server: it is not waited for, and its answer still goes out. Layer 9.
"""

from ..port import system
from .pool import BUSY


async def stop(listening):
    """End as Server.stop says; waits for requests in progress, at most `stop_timeout` seconds."""
    if listening.beside:
        await stop(listening.beside)
    server = listening.server
    members = server.pool.members
    caller = system.current_task()
    server.newcomers = None
    listening.watcher.watch(0)
    listening.listener.close()
    deadline = system.after(server.settings.stop_timeout)
    system.make_room()
    for connection in list(members):
        connection.is_last = True  # it closes behind the answer in progress, or now when there is none
        if connection.phase != BUSY:
            connection.transport.close()
        elif hasattr(connection, "on_stop"):  # what goes on without end
            connection.on_stop()
    while _others(members, caller) and not system.is_past(deadline, system.now()):
        await system.sleep(0.01)
    late = _others(members, caller)
    for connection in late:
        if connection.task is not None:
            connection.task.cancel()
        connection.transport.close()
    if late:
        await system.sleep(0.01)  # what was cancelled has still to close what it held
    if server.work is not None:
        await server.work.end()
    if members:
        system.spawn(_end_later(listening, members))
    else:
        _end(listening)


def _others(members, caller):
    return [connection for connection in members if connection.task is not caller]


async def _end_later(listening, members):
    """End when the handler that called has been answered, or has had its time."""
    deadline = system.after(listening.server.settings.stop_timeout)
    while members and not system.is_past(deadline, system.now()):
        await system.sleep(0.01)
    for connection in list(members):
        connection.transport.close()
    _end(listening)


def _end(listening):
    listening.sweeper.stop()
    if listening.server.signal is not None:
        system.spawn(_end_run(listening.server))


async def _end_run(server):
    """Have `run()` return, unless whoever has stopped the server starts it again at once."""
    await system.sleep(0)
    if server.newcomers is None:
        server.signal.set()
