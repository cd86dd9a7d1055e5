"""One client in two event loops, one after the other; and the call that blocks, where one runs. Both interpreters.

    in_loops.py PORT FOLDER
"""

import asyncio
import sys

from microhttps import Client, MicrohttpsError, Trust, fetch


async def ask(client, url):
    for method in ("POST", "GET"):
        answer = await client.request(method, url, body=b"sent" if method == "POST" else None)
        print(method, answer.status)


async def rest():
    await asyncio.sleep(0.05)


async def interrupt():
    raise KeyboardInterrupt


async def ask_in_vain(url, trust):
    other = asyncio.create_task(rest())
    try:
        fetch(url, trust=trust)
    except MicrohttpsError as error:
        print(error.code)
    await asyncio.sleep(0.01)
    await other
    print("and the loop goes on")


def main(port, folder):
    url, trust = "https://localhost:" + port + "/echo", Trust.load(folder + "/ca.crt")
    client = Client(trust)
    asyncio.run(ask(client, url))
    asyncio.run(ask(client, url))
    asyncio.run(client.close())
    asyncio.run(ask_in_vain(url, trust))
    try:
        asyncio.run(interrupt())
    except KeyboardInterrupt:
        print("Ctrl-C, and", fetch(url, trust=trust).status)


main(*sys.argv[1:])
