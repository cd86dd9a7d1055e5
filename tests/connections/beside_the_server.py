"""What runs beside a server, over two of its lives: its beginning, a fault, its end. Both interpreters."""

import asyncio
import sys

from microhttps import Server

said = []


def on_event(name, facts):
    if name == "fault":
        said.append(facts["message"] + ": " + str(facts["error"]))


server = Server(transport="insecure", host="127.0.0.1", port=int(sys.argv[1]), on_event=on_event)


@server.background
async def count():
    said.append("begins")
    try:
        while True:
            await asyncio.sleep(0.01)
    finally:
        await asyncio.sleep(0)
        said.append("ends")


async def fail(why):
    raise ValueError(why)


async def stop_all():
    said.append("stops all")
    await server.stop()


async def main():
    server.background(fail, "broken")
    for _ in range(2):
        await server.start()
        said.append("started")
        await asyncio.sleep(0.05)
        await server.stop()
        said.append("stopped")
        print(*said, sep=", ")
        said.clear()
    await server.start()
    await asyncio.sleep(0.05)
    server.background(stop_all)
    while server.pool is None or "ends" not in said:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    print(*said, sep=", ")


asyncio.run(main())
