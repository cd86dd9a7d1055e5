"""CPython: a socket's errors in our words. Layer 3."""

import errno

from ...errors import DeadlineError, NetworkError


def network_error(error):
    """A socket's OSError as a NetworkError; the original is kept in `cause`."""
    number = error.errno
    if number in (errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED, errno.ENOTCONN, errno.EBADF):
        return NetworkError("reset", cause=error)
    if number == errno.ECONNREFUSED:
        return NetworkError("refused", cause=error)
    if number == errno.ETIMEDOUT:
        return DeadlineError("deadline", cause=error)
    if number in (errno.EMFILE, errno.ENFILE):
        return NetworkError("out_of_descriptors", cause=error)
    return NetworkError("unreachable", cause=error, errno=number)
