"""MicroPython: its OSErrors in our words. Layer 3."""

import errno
import select
from asyncio import core

from ...errors import DeadlineError, NetworkError

EPIPE, ENFILE, EMFILE = 32, 23, 24  # not in this interpreter's errno; lwIP says ENFILE for no more sockets


def network_error(error):
    """A socket's OSError as a NetworkError; the original is kept in `cause`."""
    number = error.args[0]
    if number in (errno.ECONNRESET, EPIPE, errno.ECONNABORTED, errno.ENOTCONN, errno.EBADF):
        return NetworkError("reset", cause=error)
    if number == errno.ECONNREFUSED:
        return NetworkError("refused", cause=error)
    if number == errno.ETIMEDOUT:
        return DeadlineError("deadline", cause=error)
    if number in (ENFILE, EMFILE):
        return NetworkError("out_of_descriptors", cause=error)
    return NetworkError("unreachable", cause=error, errno=number)


def is_broken(raw):
    """Whether a socket whose peer sends no more was reset since: its end is all that a read tells."""
    poller = select.poll()
    poller.register(raw, select.POLLERR)
    return any(event & select.POLLERR for _, event in poller.poll(0))


def report(error, message):
    """Hand an error that nobody waits for to the event loop's exception handler."""
    core.Loop.call_exception_handler({"message": message, "exception": error, "future": core.cur_task})
