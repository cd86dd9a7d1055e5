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


@server.get("/stop")
def stop(request):
    server.call_soon(server.stop)
    return "stopping"


@server.get("/restart")
def restart(request):
    server.call_soon(stop_and_start)
    return "restarting"


@server.post("/stop")
async def stop_and_answer(request):
    await server.stop()
    return "stopped, and answered"


@server.post("/restart")
async def restart_and_answer(request):
    await server.stop()
    await server.start()
    return "started again, and answered"


async def stop_and_start():
    await server.stop()
    await server.start()
    print("started again")


server.run()
print("stopped")
