"""A thermostat that several phones see and set at the same time (WebSocket), behind a password.

    microhttps serve examples/thermostat.py          a certificate is made for you
    python examples/thermostat.py                    with device.crt and device.key in this folder
    micropython examples/thermostat.py               the same, on MicroPython
    microhttps push examples/thermostat.py --for lamp.local --with examples/thermostat.html

Open it on two phones: the name is `home`, the password is said at the first start (password.txt). `measure` and
`switch` are to be replaced by your sensor and your relay. The target is kept in thermostat.json over a restart.

Not every browser sends a password along with a WebSocket. So the page, which asks for it, hands out a signed cookie,
and the WebSocket wants the cookie. Its secret is made anew at each start; the page then fetches itself another one.
"""

import asyncio
import json
import os
import sys

from microhttps import Identity, Request, Response, Server
from microhttps.auth_basic import BasicAuth
from microhttps.cookie_sessions import CookieSessions
from microhttps.websocket import WebSocket, broadcast
from password import password

LEAST, MOST, STEP = 5, 30, 0.5  # degrees
SLACK = 0.3  # degrees around the target within which the heater is left as it is
EVERY = 2  # seconds
KEPT = "thermostat.json"
NOTHING_FROM_ELSEWHERE = (
    "Content-Security-Policy",
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:",
)

server = Server(port=8443, websocket_max_message_length=200)
basic = BasicAuth({"home": password()}, realm="thermostat")
sessions = CookieSessions(os.urandom(16))
phones: list[WebSocket] = []
state: dict[str, float] = {"target": 19, "room": 18, "heating": False}


def measure() -> float:
    """The temperature of the room; here of an imaginary one, which is warmed and cools."""
    return round(state["room"] + (0.4 if state["heating"] else -0.2), 1)


def switch(heating: bool) -> None:
    """Switch the heater; a board has a relay on one of its pins."""
    if sys.platform in ("esp32", "rp2"):
        import machine

        machine.Pin(5, machine.Pin.OUT).value(heating)


@server.get("/")
@basic
@sessions
def page(request: Request) -> Response:
    sessions.of(request)["user"] = request.user
    return Response.file("thermostat.html", beside=__file__, cache_control="no-store",
                         headers=(NOTHING_FROM_ELSEWHERE,))


@server.websocket("/live")
@sessions.required("user")
async def live(socket: WebSocket) -> None:
    """A phone: it is told the state, now and with every change, and may send `{"target": 20.5}`."""
    phones.append(socket)
    try:
        await socket.send(json.dumps(state))
        async for message in socket:
            target = target_of(message)
            if target is None:
                await socket.send(json.dumps({"error": "a target from %d to %d in steps of %s expected"
                                                       % (LEAST, MOST, STEP)}))
            else:
                keep(target)
                broadcast(phones, json.dumps(state))
    finally:
        phones.remove(socket)


@server.background
async def control() -> None:
    """Look at the room, switch the heater, tell the phones what has changed."""
    while True:
        before = dict(state)
        state["room"] = measure()
        if state["room"] < state["target"] - SLACK:
            state["heating"] = True
        elif state["room"] > state["target"] + SLACK:
            state["heating"] = False
        switch(bool(state["heating"]))
        if state != before:
            broadcast(phones, json.dumps(state))
        await asyncio.sleep(EVERY)


def target_of(message: str | bytes) -> float | None:
    """The target that a message wants, None for one that is not to be had."""
    try:
        target = json.loads(message)["target"]
    except (ValueError, KeyError, TypeError):
        return None
    is_number = isinstance(target, (int, float)) and not isinstance(target, bool)
    return target if is_number and LEAST <= target <= MOST and target % STEP == 0 else None


def keep(target: float) -> None:
    """Take a target, and keep it: the file is replaced whole, so that there is always the old one or the new one."""
    if target != state["target"]:
        state["target"] = target
        with open(KEPT + ".new", "w") as file:
            json.dump({"target": target}, file)
        os.rename(KEPT + ".new", KEPT)


def kept() -> float | None:
    """The target that was kept; None where there is none, or no good one."""
    try:
        with open(KEPT) as file:
            return target_of(file.read())
    except OSError:
        return None


state["target"] = kept() or state["target"]

def main() -> None:
    server.identity = Identity("device.crt", "device.key")
    server.run()


if __name__ == "__main__":
    main()
