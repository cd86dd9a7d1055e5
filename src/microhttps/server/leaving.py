"""Whether anybody still waits for the answer of a handler that takes its time: seen with each tick of the server.

A client that resets its connection is gone: its handler is cancelled and its place is free. One that sends no more may
still read (a TCP half-close, RFC 9293 section 3.6; close_notify is the same, RFC 8446 section 6.1): it gets its answer.
But most who end have closed. The two differ only in what becomes of something sent to them, so once an interim answer
is sent, which every client of HTTP/1.1 passes over (RFC 9110 section 15.2); who has closed resets the connection for
it. What comes meanwhile is kept for later, it may be a request. Layer 9.
"""

from ..errors import MicrohttpsError, NetworkError
from ..port import system
from .connection import is_resting

PROBE = b"HTTP/1.1 102 Processing\r\n\r\n"
MOST = 4 * 1024  # of what is kept; beyond it nothing is read, and nothing is seen


def look_after(server):
    """Look at every connection whose handler is awaited; give up those whose client has gone."""
    for connection in list(server.pool.members):
        if is_resting(connection):
            try:
                _look(connection)
            except MicrohttpsError as error:
                _give_up(connection, error)


def _look(connection):
    request = connection.working
    channel = connection.transport.channel
    holder = request.body if request.has_body else connection
    if connection.has_ended:
        if system.is_broken(channel.raw):
            raise NetworkError("reset")
    elif len(holder.pending) < MOST:
        data = channel.receive()
        if data:
            holder.pending += data
        elif data is not None:
            connection.has_ended = True
            # What was not taken of it would have to be sent before anything else: nobody reads there anyway.
            if request.head.minor and channel.send(PROBE) < len(PROBE):
                raise NetworkError("reset")


def _give_up(connection, error):
    task = connection.task
    connection.fail(error)
    if task is not None:
        task.cancel()
