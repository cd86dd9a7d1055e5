"""The answer of the comparison as a microhttps application: handler `def` or `async def`."""

import sys

from microhttps import Identity, Server


def main(kind, port, certificate, key):
    """Serve on this port of 127.0.0.1 until told to stop."""
    # The whole load comes from one address, which the limit per address is there to prevent.
    server = Server(identity=Identity(certificate, key), host="127.0.0.1", port=int(port), max_sockets_per_address=1000)
    server.get("/")(hello if kind == "def" else hello_async)
    server.run()


def hello(request):
    """Answer every request alike."""
    return "Hello, World!"


async def hello_async(request):
    """The same for handlers that may wait."""
    return "Hello, World!"


main(*sys.argv[1:])
