"""A scripted channel over a real socket: every answer a TLS library may give at every step. Both interpreters.

The socket of the client's end is always ready to be written; its peer makes it ready to be read as well, so that each
"would block" is followed by a wake-up, whichever direction it wants. Says `name: result` for each case.
"""

import asyncio
import sys

from microhttps import MicrohttpsError, NetworkError
from microhttps.connections.handshaking import shake_hands
from microhttps.connections.transport import Sweeper, Transport
from microhttps.connections.waiting import receive, send
from microhttps.port import system

READ, WRITE = system.READ, system.WRITE


class Scripted:
    """A channel that answers from a script: (verb, answer, wants); the answer may be an error to raise."""

    is_secure = True
    is_established = True
    was_cut = False
    capacity = 1024

    def __init__(self, raw, script):
        self.raw = raw
        self.script = list(script)
        self.wants = READ
        self.sent = b""

    def _next(self, verb):
        expected, answer, wants = self.script.pop(0)
        assert expected == verb, (expected, verb)
        self.wants = wants
        if isinstance(answer, Exception):
            raise answer
        return answer

    def handshake(self):
        return self._next("handshake")

    def receive(self):
        return self._next("receive")

    def send(self, data):
        count = self._next("send")
        self.sent += bytes(data[:count])
        return count

    def close_notify(self):
        """Nothing."""

    def close(self):
        """Closed by its transport, and then nobody may watch it any more."""
        self.raw.close()


def blocks(verb, answer):
    """Would block for either direction, twice, before the answer."""
    return [(verb, answer, READ), (verb, answer, WRITE), (verb, answer, WRITE), (verb, answer, READ)]


LOST = NetworkError("reset")
CASES = (
    ("handshake at once", "handshake", [("handshake", True, READ)]),
    ("handshake blocks both ways", "handshake", blocks("handshake", False) + [("handshake", True, READ)]),
    ("handshake fails", "handshake", blocks("handshake", False) + [("handshake", LOST, READ)]),
    ("receive at once", "receive", [("receive", b"data", READ)]),
    ("receive blocks both ways", "receive", blocks("receive", None) + [("receive", b"data", READ)]),
    ("receive ends", "receive", blocks("receive", None) + [("receive", b"", READ)]),
    ("receive fails", "receive", blocks("receive", None) + [("receive", LOST, READ)]),
    ("send at once", "send", [("send", 10, WRITE)]),
    ("send blocks both ways", "send", blocks("send", 0) + [("send", 10, WRITE)]),
    ("send byte by byte", "send", [("send", 1, WRITE)] * 10),
    ("send blocks between all bytes", "send", (blocks("send", 0) + [("send", 1, WRITE)]) * 10),
    ("send in two", "send", [("send", 4, WRITE), ("send", 0, READ), ("send", 6, WRITE)]),
    ("send fails", "send", [("send", 4, WRITE), ("send", 0, WRITE), ("send", LOST, WRITE)]),
)
DATA = b"0123456789"


async def play(raw, verb, script):
    """(result or code, what is left of the script, what was sent)."""
    channel = Scripted(raw, script)
    transport = Transport(channel)
    try:
        if verb == "handshake":
            result = await shake_hands(transport)
        elif verb == "receive":
            result = await receive(transport)
        else:
            result = await send(transport, DATA, 5)
    except MicrohttpsError as error:
        result = error.code
    transport.close()
    return result, len(channel.script), channel.sent


async def wait_in_vain(raw, verb, is_closed_meanwhile):
    """Nothing ever comes: the deadline ends it, or somebody else's close does."""
    answer = {"handshake": False, "receive": None, "send": 0}[verb]
    transport = Transport(Scripted(raw, [(verb, answer, READ)] * 10))
    sweeper = Sweeper(0.02)
    sweeper.watch(transport)
    if is_closed_meanwhile:
        asyncio.create_task(close_soon(transport))
    else:
        transport.set_deadline(0.05, "recv_timeout")
    try:
        if verb == "handshake":
            await shake_hands(transport)
        elif verb == "receive":
            await receive(transport)
        else:
            await send(transport, DATA, 5 if is_closed_meanwhile else 0.05)
        result = "no error"
    except MicrohttpsError as error:
        result = error.code
    transport.close()
    return result


async def close_soon(transport):
    await asyncio.sleep(0.05)
    transport.close()


async def pair(listener, port):
    """(our end, their end) of a connection over loopback."""
    address = (await system.resolve("127.0.0.1", port, 10))[0]
    ours = system.start_connect(address)
    theirs = None
    while theirs is None:
        await asyncio.sleep(0.01)
        theirs = system.accept(listener)
    return ours, theirs[0]


async def main(port):
    listener = system.listen("127.0.0.1", port, 1)
    for verb in ("handshake", "receive", "send"):
        for name in ("deadline", "closed meanwhile"):
            ours, theirs = await pair(listener, port)
            print("%s %s: %s" % (verb, name, await wait_in_vain(ours, verb, name != "deadline")))
            theirs.close()
    for name, verb, script in CASES:
        ours, theirs = await pair(listener, port)
        theirs.send(b"!")  # ours can be read as well as written
        result, left, sent = await play(ours, verb, script)
        print("%s: %s left %d sent %s" % (name, result, left, sent.decode()))
        theirs.close()
    listener.close()


asyncio.run(main(int(sys.argv[1])))
