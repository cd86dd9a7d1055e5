"""Prints how many requests a second a client makes: `client_speed WHO PORT STORE SECONDS`; with 0 seconds one is made.

microhttps verifies and keeps its connection, requests does neither.
"""

import sys
import time

who, port, store, seconds = sys.argv[1:5]
url = "https://localhost:" + port + "/"
milliseconds = int(seconds) * 1000


def print_rate(count, started):
    if milliseconds:
        print(count * 1000 / time.ticks_diff(time.ticks_ms(), started))


async def ask(client):
    assert (await client.get(url)).body == b"Hello, World!"
    started = time.ticks_ms()
    count = 0
    while time.ticks_diff(time.ticks_ms(), started) < milliseconds:
        assert (await client.get(url)).status == 200
        count += 1
    print_rate(count, started)
    await client.close()


if who == "microhttps":
    import asyncio

    from microhttps import Client, Trust

    asyncio.run(ask(Client(trust=Trust.public(store))))
else:
    import requests

    assert requests.get(url).content == b"Hello, World!"
    started = time.ticks_ms()
    count = 0
    while time.ticks_diff(time.ticks_ms(), started) < milliseconds:
        assert requests.get(url).content
        count += 1
    print_rate(count, started)
