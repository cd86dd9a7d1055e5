"""Pages name ports (8443, 443), and other tests use the machine, too: each port stands for a free one of the loopback.

So do the names of the device that pages ask (see `device`).

Commands are run as printed. curl is told the same in its own file (see `reader`).
"""

import os
import socket

PORTS = dict(tuple(map(int, pair.split("="))) for pair in os.environ["PAGE_PORTS"].split(","))
NAMED = {there: named for named, there in PORTS.items()}


def _there(address):
    if not isinstance(address, tuple) or address[1] not in PORTS:
        return address
    host = "127.0.0.1" if address[0] in ("", "0.0.0.0") else address[0]
    return (host, PORTS[address[1]], *address[2:])


def _moved(verb):
    plain = getattr(socket.socket, verb)
    return lambda self, address: plain(self, _there(address))


def _getsockname(self, plain=socket.socket.getsockname):
    name = plain(self)
    return (name[0], NAMED.get(name[1], name[1]), *name[2:]) if isinstance(name, tuple) else name


def _getaddrinfo(host, *rest, plain=socket.getaddrinfo, **more):
    is_ours = isinstance(host, str) and (host.endswith(".local") or host == "example.org")
    return plain("127.0.0.1" if is_ours else host, *rest, **more)


socket.getaddrinfo = _getaddrinfo
for _verb in ("bind", "connect", "connect_ex"):
    setattr(socket.socket, _verb, _moved(_verb))
socket.socket.getsockname = _getsockname
