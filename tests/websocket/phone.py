"""A phone: a WebSocket by the library `websockets` that is silent and answers pings; a program."""

import asyncio
import ssl
import sys

from websockets.asyncio.client import connect


async def main(port, folder):
    context = ssl.create_default_context(cafile=folder + "/ca.crt")
    async with connect("wss://localhost:%s/wait" % port, ssl=context) as socket:
        print("connected", flush=True)
        async for _ in socket:
            pass


if __name__ == "__main__":
    try:
        asyncio.run(main(*sys.argv[1:]))
    except Exception as error:  # it woke up and the server was gone
        print("ended", repr(error))
