"""A sensor dashboard: one sensor, any number of pages that draw its last values as they come (server-sent events).

    microhttps serve examples/dashboard.py          a certificate is made for you
    python examples/dashboard.py                    with device.crt and device.key in this folder
    micropython examples/dashboard.py               the same, on MicroPython
    microhttps push examples/dashboard.py --for lamp.local --with examples/dashboard.html

    curl --cacert ca.crt https://localhost:8443/readings
    curl --cacert ca.crt -N https://localhost:8443/events

`SHOWN` and `measure` are to be replaced by what your board measures; the page draws whatever they say. Whoever is in
the network may look. To ask for a password, put one line under each `@server.get`: `@BasicAuth({"ann": "…"})`, from
microhttps.auth_basic.
"""

import asyncio
import sys
import time

from microhttps import Identity, Request, Response, Server
from microhttps.sse import Broadcast

SHOWN = ("Temperature", "°C", 1), ("Viewers", "", 0)  # name, unit, decimals
EVERY = 2  # seconds
KEPT = 60  # readings: two minutes
NOTHING_FROM_ELSEWHERE = (
    "Content-Security-Policy",
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:",
)

# Of four connections two may listen for long; the others are for those who come.
server = Server(port=8443)
news = Broadcast(max_listeners=server.settings.max_open_sockets // 2, drop=True)
readings: list[list[float]] = []


def measure() -> list[float]:
    """One value for each of SHOWN."""
    return [temperature(), len(news)]


def temperature() -> float:
    """Of the chip itself on a board; elsewhere of an imaginary room, which wanders a little."""
    if sys.platform == "esp32":
        import esp32

        return float(esp32.mcu_temperature())
    if sys.platform == "rp2":
        import machine

        return round(27 - (machine.ADC(4).read_u16() * 3.3 / 65535 - 0.706) / 0.001721, 1)
    seconds = time.time()
    return round(20 + abs(seconds % 60 - 30) / 10 + abs(seconds % 7 - 3.5) / 5, 1)


@server.background
async def keep_measuring() -> None:
    """The one source: kept for those who come later, and sent to all who listen."""
    while True:
        readings.append(measure())
        if len(readings) > KEPT:
            readings.pop(0)
        news.send(readings[-1])
        await asyncio.sleep(EVERY)


@server.get("/")
def page(request: Request) -> Response:
    return Response.file("dashboard.html", beside=__file__, headers=(NOTHING_FROM_ELSEWHERE,))


@server.get("/readings")
def show(request: Request) -> dict[str, object]:
    return {"shown": SHOWN, "every": EVERY, "kept": KEPT, "readings": readings}


@server.get("/events")
def listen(request: Request) -> Response:
    return news.stream()


def main() -> None:
    server.identity = Identity("device.crt", "device.key")
    server.run()


if __name__ == "__main__":
    main()
