"""Seed 004 (Mongoose OS): a request started with a handler of events and a header of its own.

    get_with_events.py PORT FOLDER PATH      both interpreters
"""

import asyncio
import sys

from microhttps import Client, Trust


def ev_handler(ev, ev_data):
    if ev == "connect":
        print(ev, ev_data.tls.version)
    elif ev == "headers":
        print(ev, ev_data.status)
    elif ev == "reply":
        print(ev, ev_data.status, len(ev_data.body))
    elif ev == "error":
        print(ev, ev_data.code)
    elif ev == "close":
        print(ev)


async def main(port, folder, path):
    client = Client(trust=Trust.load(folder + "/ca.crt"))
    url = "https://localhost:" + port + path
    await client.start(url, ev_handler, headers=[("User-Agent", "Mongoose 6.18")]).wait()
    await client.start(url.replace("localhost", "127.0.0.2"), ev_handler).wait()
    await client.close()


asyncio.run(main(*sys.argv[1:]))
