"""The answer of the comparison as a microhttps application on MicroPython.

/memory answers the bytes of heap kept since before the first import of the package, rubbish collected, and /modules
which modules are loaded by then.
"""
# The heap is looked at before the imports.
# ruff: noqa: E402

import gc
import sys

gc.collect()
before = gc.mem_alloc()

from microhttps import Identity, Server


def hello(request):
    return "Hello, World!"


def memory(request):
    gc.collect()
    return str(gc.mem_alloc() - before)


def modules(request):
    return " ".join(sys.modules)


def main(port, certificate, key):
    # A board's default is 4 connections; the comparison is made with 8, all from one address.
    server = Server(
        identity=Identity(certificate, key),
        host="127.0.0.1",
        port=int(port),
        max_open_sockets=8,
        max_sockets_per_address=8,
    )
    server.get("/")(hello)
    server.get("/memory")(memory)
    server.get("/modules")(modules)
    server.run()


main(sys.argv[1], sys.argv[2], sys.argv[3])
