"""The answer of the comparison by an engine that is named, for so many connections from one address."""

import sys

from microhttps import Identity, Server


def main(engine, port, certificate, key):
    """Serve on this port of 127.0.0.1 until told to stop."""
    server = Server(identity=Identity(certificate, key), host="127.0.0.1", port=int(port), engine=engine,
                    max_sockets_per_address=1000, handshake_timeout=60)
    server.get("/")(lambda request: "Hello, World!")
    server.run()


main(*sys.argv[1:])
