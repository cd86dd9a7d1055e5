"""Starts two servers that would share a port, and says how that ended. Both interpreters."""

import asyncio
import sys

from microhttps import MicrohttpsError, Server


async def main():
    port = int(sys.argv[1])
    servers = [Server(transport="insecure", host="127.0.0.1", port=port, reuse_port=is_shared)
               for is_shared in (True, True, False)]
    for server in servers:
        try:
            await server.start()
            print("listens")
        except MicrohttpsError as error:
            print(error.code, error)
    for server in servers:
        await server.stop()


asyncio.run(main())
