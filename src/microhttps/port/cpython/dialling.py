"""CPython: addresses found and connected to, without waiting for either here. Layer 3."""

import asyncio
import errno
import socket

from ...errors import DeadlineError, NetworkError
from .faults import network_error
from .listening import set_no_delay


async def resolve(host, port, seconds):
    """The addresses of a host, most preferred first, without blocking the loop.

    Raises NetworkError("no_such_host"), and DeadlineError when nobody has said within so many seconds.
    """
    asking = asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    try:
        found = await asyncio.wait_for(asking, seconds)
    except asyncio.TimeoutError as error:
        raise DeadlineError("deadline", cause=error, setting="connect_timeout", host=host, during="resolving")
    except (OSError, UnicodeError) as error:
        raise NetworkError("no_such_host", cause=error, host=host)
    return [(family, address) for family, _, _, _, address in found]


def start_connect(address):
    """A non-blocking socket that is on its way to an address from `resolve`."""
    family, where = address
    raw = socket.socket(family, socket.SOCK_STREAM)
    raw.setblocking(False)
    set_no_delay(raw)
    try:
        code = raw.connect_ex(where)
    except OSError as error:
        raw.close()
        raise network_error(error)
    if code not in (0, errno.EINPROGRESS, errno.EAGAIN):
        raw.close()
        raise network_error(OSError(code, ""))
    return raw


def finish_connect(raw, address):
    """Raise the NetworkError of a connection that failed; call it once the socket is writable."""
    code = raw.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise network_error(OSError(code, ""))
