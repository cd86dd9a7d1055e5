"""The answer of the comparison as a microdot application on MicroPython, TLS through asyncio as microdot has it."""
# The heap is looked at before the imports.
# ruff: noqa: E402, I001

import gc
import sys

gc.collect()
before = gc.mem_alloc()

import tls

from microdot import Microdot

app = Microdot()


@app.get("/")
async def hello(request):
    return "Hello, World!"


@app.get("/memory")
async def memory(request):
    gc.collect()
    return str(gc.mem_alloc() - before)


def main(port, certificate, key):
    context = tls.SSLContext(tls.PROTOCOL_TLS_SERVER)
    with open(certificate, "rb") as certificate_file:
        with open(key, "rb") as key_file:
            context.load_cert_chain(certificate_file.read(), key_file.read())
    app.run(host="127.0.0.1", port=int(port), ssl=context)


main(sys.argv[1], sys.argv[2], sys.argv[3])
