"""The same echo by the library `websockets`: a program `echo_server.py PORT FOLDER`, ready when it says so."""

import asyncio
import ssl
import sys

from websockets.asyncio.server import serve

MAX_LENGTH = 100000


async def echo(socket):
    async for message in socket:
        await socket.send(message)


async def main(port, folder):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder + "/good.crt", folder + "/good.key")
    async with serve(echo, "127.0.0.1", port, ssl=context, max_size=MAX_LENGTH, compression=None,
                     subprotocols=["chat"], select_subprotocol=lambda _, offered: (list(offered) or [None])[0]):
        print("ready", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    print("stopped", flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
