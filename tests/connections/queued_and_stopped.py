"""Work queued before a stop, refused after it, and queued again when the server runs again. Both interpreters."""

import asyncio
import sys

from microhttps import Server, UsageError


async def main(port):
    server = Server(transport="insecure", host="127.0.0.1", port=port)
    done = []
    for number in range(3):
        await server.start()
        server.call_soon(done.append, number)
        await asyncio.sleep(0.05)
        await server.stop()
        try:
            server.call_soon(done.append, "too late")
        except UsageError as error:
            done.append(error.code)
    print(done, server.refused, server.sessions)


asyncio.run(main(int(sys.argv[1])))
