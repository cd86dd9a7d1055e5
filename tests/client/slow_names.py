"""Asks for a host whose address nobody tells in time; the first answer of another host is not kept waiting. CPython."""

import asyncio
import socket
import threading

from microhttps import Client, MicrohttpsError

looked_up = socket.getaddrinfo
is_over = threading.Event()


def look_up(host, *rest, **options):
    """The system's resolver, behind a name server that does not answer for one host."""
    if host == "lost.example":
        is_over.wait(60)
    return looked_up(host, *rest, **options)


async def main():
    client = Client(connect_timeout=0.3)
    try:
        await client.get("https://lost.example/")
    except MicrohttpsError as error:
        facts = error.facts
        print(type(error).__name__, error.code, facts["setting"], facts["host"], facts["during"], is_over.is_set())
    is_over.set()
    await client.close()


socket.getaddrinfo = look_up
asyncio.run(main())
