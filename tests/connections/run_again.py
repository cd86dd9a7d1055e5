"""A server that is run again when Ctrl-C has ended it, as at a prompt, and within a loop. Both interpreters."""

import asyncio
import sys

from microhttps import MicrohttpsError, Server


def deaf(name, facts):
    raise ValueError("heard nothing of " + name)


server = Server(transport="insecure", host="127.0.0.1", port=int(sys.argv[1]), on_event=deaf)


@server.get("/")
def page(request):
    return "page"


async def tell():
    print("asked")


@server.get("/slow")
async def slow(request):
    asyncio.create_task(tell())  # once this waits: Ctrl-C would end what is at work
    await asyncio.sleep(0.5)
    return "slow"


async def run_inside():
    try:
        server.run()
    except MicrohttpsError as error:
        print(error.code)
    await asyncio.sleep(0.01)
    print("the loop goes on")


server.run()
print("once")
server.run()
print("twice")
asyncio.run(run_inside())
