"""Seed 004's handler that takes each chunk (`MG_F_DELETE_CHUNK`), for a body larger than memory.

    get_in_chunks.py PORT FOLDER PATH      both interpreters
"""

import asyncio
import sys

from microhttps import Client, Trust


class Handler:
    """Counts what it is given."""

    written = 0
    largest = 0

    def __call__(self, ev, ev_data):
        if ev == "chunk":
            self.written += len(ev_data)
            self.largest = max(self.largest, len(ev_data))
            return True
        if ev == "reply":
            print(ev, ev_data.status)
        elif ev == "error":
            print(ev, ev_data)
        elif ev == "close":
            print(ev)


async def main(port, folder, path):
    client = Client(trust=Trust.load(folder + "/ca.crt"))
    handler = Handler()
    await client.start("https://localhost:" + port + path, handler).wait()
    print(handler.written, handler.largest <= 16 * 1024)
    await client.close()


asyncio.run(main(*sys.argv[1:]))
