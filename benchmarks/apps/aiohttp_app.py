"""The answer of the comparison as an aiohttp application, on uvloop."""

import ssl
import sys

import uvloop
from aiohttp import web


async def hello(request):
    """Answer every request alike."""
    return web.Response(body=b"Hello, World!", content_type="text/plain")


def main(port, certificate, key):
    """Serve on this port of 127.0.0.1 until told to stop."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    app = web.Application()
    app.router.add_get("/", hello)
    uvloop.install()
    web.run_app(app, host="127.0.0.1", port=int(port), ssl_context=context, access_log=None, print=None)


main(*sys.argv[1:])
