"""MicroPython: how a server's socket begins to listen; done once, and forgotten then. Layer 3."""

import errno
import socket

from ...errors import NetworkError, Unsupported


def listen(host, port, backlog, is_shared=False):
    """A listening non-blocking socket; raises NetworkError("port_in_use") and its like, Unsupported if `is_shared`."""
    if is_shared:
        raise Unsupported("cannot_share_port", setting="reuse_port")
    listener = None
    try:
        found = socket.getaddrinfo(host, port)[0]
        listener = socket.socket(found[0], socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(found[-1])
        listener.listen(backlog)
        listener.setblocking(False)
    except OSError as error:
        if listener:
            listener.close()
        codes = {errno.EADDRINUSE: "port_in_use", errno.EACCES: "port_not_allowed"}
        raise NetworkError(codes.get(error.args[0], "cannot_listen"), cause=error, host=host, port=port)
    return listener
