"""A server that runs until it is told to stop by a signal. Both interpreters."""

import asyncio
import sys

from microhttps import Server

server = Server(transport="insecure", host="127.0.0.1", port=int(sys.argv[1]), stop_timeout=5)


@server.get("/")
def page(request):
    return "page"


@server.get("/slow")
async def slow(request):
    print("asked")
    await asyncio.sleep(0.5)
    return "slow"


server.run()
print("stopped")
