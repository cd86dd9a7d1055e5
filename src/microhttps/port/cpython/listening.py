"""CPython: how a server's socket begins to listen, or only takes its port, alone or with other processes. Layer 3."""

import errno
import socket

from ...errors import NetworkError, Unsupported


def listen(host, port, backlog, is_shared=False):
    """A listening non-blocking socket; raises NetworkError("port_in_use") and its like.

    If `is_shared`, other processes of this user may listen on the port, too; raises Unsupported where they cannot.
    """
    return bind(host, port, is_shared, backlog)


def bind(host, port, is_shared=False, backlog=None):
    """A socket that has the address, and listens if there is a `backlog`; else as `listen`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        set_no_delay(listener)  # those it accepts inherit it
        listener.bind((host, port))
        if backlog is not None:
            listener.listen(backlog)
    except AttributeError as error:
        listener.close()
        raise Unsupported("cannot_share_port", cause=error, setting="reuse_port")
    except (OSError, OverflowError) as error:
        listener.close()
        codes = {errno.EADDRINUSE: "port_in_use", errno.EACCES: "port_not_allowed"}
        code = codes.get(getattr(error, "errno", None), "cannot_listen")
        raise NetworkError(code, cause=error, host=host, port=port)
    listener.setblocking(False)
    return listener


def port_of(listener, port):
    """The port really listened on (that asked for may be 0)."""
    return listener.getsockname()[1]


def set_no_delay(raw):
    """Small answers leave at once (no Nagle); quietly nothing where the system has no such option."""
    try:
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        pass
