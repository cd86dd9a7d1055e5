"""Seed 002 (Arduino's WiFiClientSecure): an HTTP/1.0 request by hand, then `available` and `read` until it ends.

    request_by_hand.py PORT FOLDER PATH      both interpreters
"""

import asyncio
import sys

from microhttps import Trust, connect


async def main(port, folder, path):
    client = await connect("localhost", int(port), trust=Trust.load(folder + "/ca.crt"))
    await client.write(b"GET %s HTTP/1.0\r\n" % path.encode())
    await client.write(b"Host: localhost\r\nConnection: close\r\n\r\n")
    while not client.available() and not client.at_eof():
        await asyncio.sleep(0.01)
    answer = b""
    while not client.at_eof():
        if client.available():
            answer += await client.read(1 if len(answer) < 200 else client.available())
        else:
            await asyncio.sleep(0.01)
    head, _, body = answer.partition(b"\r\n\r\n")
    print(head.split(b"\r\n")[0].decode().split(" ", 1)[1], len(body), client.available())
    await client.close()


asyncio.run(main(*sys.argv[1:]))
