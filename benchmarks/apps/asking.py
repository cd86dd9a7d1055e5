"""One of the clients that are compared on CPython asks: `asking.py NAME URL AUTHORITY [COUNT]`.

Without COUNT once, as a program does that runs and ends; prints the most memory in bytes. With it so many times, after
a warm-up, from TASKS tasks at once where the client is for tasks; prints the seconds by the clock and of the processor.
Each imports what it needs and nothing else.
"""

import sys
import time

TASKS = 8
WARM_UP = 80
BODY = b"Hello, World!"


def by_microhttps(url, authority, count):
    from microhttps import Client, Trust, fetch

    trust = Trust.load(authority)
    if not count:
        assert fetch(url, trust=trust).body == BODY
        return
    import asyncio

    async def ask():
        async with Client(trust=trust) as client:

            async def once():
                assert (await client.get(url)).body == BODY

            await at_once(once, count)

    asyncio.run(ask())


def by_requests(url, authority, count):
    import requests

    if not count:
        assert requests.get(url, verify=authority).content == BODY
        return
    with requests.Session() as session:
        for _ in counted(count):
            assert session.get(url, verify=authority).content == BODY


def by_httpx(url, authority, count):
    import ssl

    import httpx

    context = ssl.create_default_context(cafile=authority)
    if not count:
        assert httpx.get(url, verify=context).content == BODY
        return
    import asyncio

    async def ask():
        async with httpx.AsyncClient(verify=context) as client:

            async def once():
                assert (await client.get(url)).content == BODY

            await at_once(once, count)

    asyncio.run(ask())


def by_aiohttp(url, authority, count):
    import asyncio
    import ssl

    import aiohttp

    async def ask():
        connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=authority))
        async with aiohttp.ClientSession(connector=connector) as session:

            async def once():
                async with session.get(url) as answer:
                    assert await answer.read() == BODY

            await (at_once(once, count) if count else once())

    asyncio.run(ask())


async def at_once(once, count):
    """So many turns, shared by the tasks, behind a warm-up."""
    import asyncio

    turns = counted(count)

    async def go_on():
        for _ in turns:
            await once()

    await asyncio.gather(*[go_on() for _ in range(TASKS)])


def counted(count):
    """A warm-up, then so many turns of which the time is taken."""
    yield from range(WARM_UP)
    started, busy = time.perf_counter(), time.process_time()
    yield from range(count)
    print(time.perf_counter() - started, time.process_time() - busy)


def print_peak():
    """What this process has used at most; its parent's memory is in what the system tells at its end."""
    with open("/proc/self/status") as file:
        print(next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM")))


if __name__ == "__main__":
    name, url, authority = sys.argv[1:4]
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    globals()["by_" + name](url, authority, count)
    if not count:
        print_peak()
