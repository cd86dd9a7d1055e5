"""Prints the microseconds of the first pass and of the second: `client_passes PORT AUTHORITY COUNT`, a pair a line.

The first looks at the server's chain and ends there, the second is a whole handshake that verifies with one root.
"""

import asyncio
import sys
import time

from microhttps import Trust
from microhttps.client.dial import dial
from microhttps.client.discovery import see_chain
from microhttps.client_limits import CLIENT
from microhttps.connections.transport import Sweeper
from microhttps.engines import engine
from microhttps.settings import settle, tick_of


class Settings:
    """The settings of a client, as attributes."""

    engine = engine


async def measure(port, authority, count):
    settings = settle(Settings(), CLIENT, {})
    trust = Trust.load(authority)
    for _ in range(count):
        sweeper = Sweeper(tick_of(settings))
        begun = time.ticks_us()
        assert await see_chain("localhost", port, "localhost", settings, sweeper)
        seen = time.ticks_us()
        context = engine.client_context(trust, None, settings)
        transport = await dial("localhost", port, context, trust, settings, sweeper)
        done = time.ticks_us()
        transport.close()
        sweeper.stop()
        print(time.ticks_diff(seen, begun), time.ticks_diff(done, seen))


asyncio.run(measure(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
