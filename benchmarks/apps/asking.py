"""One of the clients that are compared on CPython asks: `asking.py NAME URL AUTHORITY [COUNT]`.

Without COUNT once, as a program does that runs and ends. With it so many times over one connection, after a warm-up;
prints the seconds by the clock and those of the processor. Each imports what it needs and nothing else.
"""

import sys
import time

WARM_UP = 50
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
            for _ in counted(count):
                assert (await client.get(url)).body == BODY

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
    with httpx.Client(verify=context) as client:
        for _ in counted(count):
            assert client.get(url).content == BODY


def by_aiohttp(url, authority, count):
    import asyncio
    import ssl

    import aiohttp

    async def ask():
        connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=authority))
        async with aiohttp.ClientSession(connector=connector) as session:
            for _ in counted(count) if count else (0,):
                async with session.get(url) as answer:
                    assert await answer.read() == BODY

    asyncio.run(ask())


def counted(count):
    """A warm-up, then so many turns of which the time is taken."""
    yield from range(WARM_UP)
    started, busy = time.perf_counter(), time.process_time()
    yield from range(count)
    print(time.perf_counter() - started, time.process_time() - busy)


if __name__ == "__main__":
    name, url, authority = sys.argv[1:4]
    globals()["by_" + name](url, authority, int(sys.argv[4]) if len(sys.argv) > 4 else 0)
