"""How a connection ends other than by its peer: deadlines and faults. Layer 9."""

from ..errors import DeadlineError, MicrohttpsError, PeerError, TrustError, UsageError
from ..routing.misses import last_words
from .pool import HANDSHAKING, SERVING


def fail(connection, error):
    """End a connection over an error that no answer can tell any more; never raises."""
    server = connection.server
    connection.task = None
    if isinstance(error, MemoryError):
        connection.transport.close()
        server.tell_no_memory("session_error" if connection.phase == HANDSHAKING else "connection_lost", connection)
        return
    if isinstance(error, UsageError) or not isinstance(error, MicrohttpsError):
        server.report(error, "a connection failed")
    if connection.phase == HANDSHAKING:
        server.tell("session_error", connection, error=error)
        if isinstance(error, PeerError) and error.facts.get("protocol") == "http":
            from .redirecting import take_over

            take_over(connection)
            return
        if server.trust is None or not isinstance(error, TrustError) or connection.transport.channel.is_established:
            connection.transport.finish()  # so that the alert is read
        else:
            from ..connections.lingering import stay

            stay(connection.transport)
    else:
        server.tell("connection_lost", connection, error=error)
        connection.lost_by = error  # `on_session` hears of it at the close
        connection.transport.close()
        connection.lost_by = None  # its traceback holds us


def expire(connection):
    """The deadline of a connection without a task has passed: 408 if a head has begun (RFC 9110 section 15.5.9)."""
    transport = connection.transport
    if connection.phase == HANDSHAKING:
        fail(connection, DeadlineError("deadline", setting=transport.deadline_name))
    elif connection.phase == SERVING and connection.pending:
        words = last_words(connection, PeerError("deadline", status=408, setting=transport.deadline_name))
        connection.is_last = connection.is_refusing = True
        if isinstance(words, tuple):
            connection.begin_task(words, b"")
        elif transport.channel.send(words) == len(words):
            transport.finish()
        else:
            transport.close()
    else:
        transport.close()
