"""MicroPython: how a client's socket gets to its peer. Layer 3."""

import errno
import socket

from ...errors import NetworkError
from .faults import network_error
from .system import set_no_delay

EISCONN = 106  # not in this interpreter's errno


async def resolve(host, port, _):
    """The addresses of a host, most preferred first; blocks (MicroPython has no other). Raises NetworkError."""
    try:
        found = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
    except OSError as error:
        raise NetworkError("no_such_host", cause=error, host=host)
    return [(row[0], row[-1]) for row in found]


def start_connect(address):
    """A non-blocking socket that is on its way to an address from `resolve`."""
    raw = socket.socket(address[0], socket.SOCK_STREAM)
    raw.setblocking(False)
    set_no_delay(raw)
    try:
        raw.connect(address[1])
    except OSError as error:
        if error.args[0] != errno.EINPROGRESS:
            raw.close()
            raise network_error(error)
    return raw


def finish_connect(raw, address):
    """Raise the NetworkError of a connection that failed; call it once the socket is writable."""
    try:
        raw.connect(address[1])  # there is no getsockopt: asking again tells how it went
    except OSError as error:
        if error.args[0] not in (EISCONN, errno.EALREADY):
            raise network_error(error)
