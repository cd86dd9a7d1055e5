"""CPython: waiting for a socket without an event loop. Layer 3."""

import selectors
import socket

from ...errors import UsageError
from .faults import network_error
from .pollers import READ

_Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)  # Windows has the latter only


class Pollable:
    """What `select.poll` takes: base of an object with a socket `raw`."""

    def fileno(self):
        """The number of the socket, -1 when it is closed."""
        return self.raw.fileno()


def take_over(sock):
    """The seconds that a socket of the application waits, or None; it never blocks from now on. Raises UsageError."""
    if not isinstance(sock, socket.socket) or hasattr(sock, "cipher"):
        raise UsageError("not_a_socket", got=type(sock).__name__)
    seconds = sock.gettimeout()
    sock.setblocking(False)
    return seconds or None


def wait_for(raw, direction, seconds):
    """Block until the socket is ready (READ, WRITE), at most that long (None: for ever); whether it is."""
    with _Selector() as selector:
        selector.register(raw, selectors.EVENT_READ if direction == READ else selectors.EVENT_WRITE)
        return bool(selector.select(seconds))


def open_connection(host, port, seconds):
    """A connected socket that does not block; blocks at most that long. Raises NetworkError."""
    try:
        raw = socket.create_connection((host, port), seconds)
    except OSError as error:
        raise network_error(error)
    raw.setblocking(False)
    return raw
