"""MicroPython: waiting for a socket without an event loop, and an object of ours that `select.poll` takes. Layer 3."""

import errno
import io
import select
import socket

from ...errors import DeadlineError, NetworkError, UsageError
from .dialling import finish_connect, start_connect
from .system import READ, WRITE

_POLL = 3  # MP_STREAM_POLL of py/stream.h


class Pollable(io.IOBase):
    """What `select.poll` takes: base of an object that answers `ready_for(mask)`."""

    def ioctl(self, request, mask):
        """What MicroPython asks a stream; of that, what it is ready for. A file number (0: stdin) it has none."""
        return self.ready_for(mask) if request == _POLL else -errno.EINVAL


def take_over(sock):
    """None; a socket of the application never blocks from now on, and cannot be asked how it was. Raises UsageError."""
    if not isinstance(sock, socket.socket):
        raise UsageError("not_a_socket", got=type(sock).__name__)
    sock.setblocking(False)


def wait_for(raw, direction, seconds):
    """Block until the socket is ready (READ, WRITE), at most that long (None: for ever); whether it is."""
    poller = select.poll()
    poller.register(raw, select.POLLIN if direction == READ else select.POLLOUT)
    return bool(poller.poll(-1 if seconds is None else int(seconds * 1000)))


def open_connection(host, port, seconds):
    """A connected socket that does not block; blocks at most that long. Raises NetworkError."""
    try:
        row = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)[0]
    except OSError as error:
        raise NetworkError("no_such_host", cause=error, host=host)
    address = row[0], row[-1]
    raw = start_connect(address)
    try:
        if not wait_for(raw, WRITE, seconds):
            raise DeadlineError("deadline", setting="connect_timeout")
        finish_connect(raw, address)
    except NetworkError:
        raw.close()
        raise
    return raw
