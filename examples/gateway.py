"""A gateway that collects from a fleet of boards, each known by its certificate (mutual TLS), and shows what they say.

    microhttps ca issue gateway.local --both --label gateway      it is a server and a client
    microhttps ca export gateway && microhttps ca export          gateway.crt, gateway.key, ca.crt
    python examples/gateway.py
    micropython examples/gateway.py                               the same, on MicroPython

    curl --cacert ca.crt https://gateway.local:8443/readings

The boards run gateway_board.py. Each has a task of its own here: it asks over one connection that is kept, and waits
longer and longer while the board does not answer. So a dead board holds nobody, and is there again when it is back.

A board is believed to be board-3 because of the name in its certificate, wherever it answers: `BOARDS` says where each
is looked for. A gateway of ten keeps ten connections; on a small board name fewer, or fewer `max_idle_connections`.
"""

import asyncio
import time

from microhttps import Client, Identity, MicrohttpsError, Request, Response, Server, Trust

BOARDS = [("board-%d.local" % number, "https://board-%d.local:8443/reading" % number) for number in range(1, 11)]
EVERY = 5  # seconds from one reading to the next
PATIENCE = 4  # seconds for all of a request: connecting, the handshake, the answer
LONGEST = 60  # seconds between two attempts at a board that does not answer
NOTHING_FROM_ELSEWHERE = (
    "Content-Security-Policy",
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:",
)

identity = Identity("gateway.crt", "gateway.key")
server = Server(identity, port=8443)
fleet: list["Board"] = []


@server.background
async def collect() -> None:
    """Follow all boards at once, until the server stops."""
    most = len(BOARDS)
    fleet[:] = [Board(name, url) for name, url in BOARDS]
    async with Client(Trust.load("ca.crt"), identity, total_timeout=PATIENCE, max_connections=most,
                      max_idle_connections=most, keep_alive_timeout=4 * EVERY) as client:
        tasks = [asyncio.create_task(board.follow(client)) for board in fleet]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()


class Board:
    """One board, and what it has said last."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self.url = url
        self.reading: object = None
        self.heard: float | None = None  # when it said so
        self.failures = 0  # since then, in a row
        self.why: str | None = None  # the last of them

    async def follow(self, client: Client) -> None:
        """Ask again and again; after each failure in a row with twice as long a pause."""
        pause = EVERY
        while True:
            try:
                self.reading = await self.ask(client)
                self.heard, self.failures, self.why = time.time(), 0, None
                pause = EVERY
            except (MicrohttpsError, ValueError) as error:
                self.failures += 1
                self.why = str(error)
                pause = min(LONGEST, 2 * pause)
            await asyncio.sleep(pause)

    async def ask(self, client: Client) -> object:
        """A reading; raises MicrohttpsError, and ValueError for what is none or comes from another board."""
        answer = await client.get(self.url)
        names = answer.session.tls.peer_names
        if self.name not in names:
            raise ValueError("who answers there is " + ", ".join(names))
        if answer.status != 200:
            raise ValueError("it answers with status %d" % answer.status)
        return answer.json()

    def shown(self) -> dict[str, object]:
        age = None if self.heard is None else round(time.time() - self.heard)
        return {"name": self.name, "reading": self.reading, "age": age, "failures": self.failures, "why": self.why}


@server.get("/")
def page(request: Request) -> Response:
    return Response.file("gateway.html", beside=__file__, headers=(NOTHING_FROM_ELSEWHERE,))


@server.get("/readings")
def readings(request: Request) -> list[dict[str, object]]:
    """The boards in order, with the age of what each said last."""
    return [board.shown() for board in fleet]


if __name__ == "__main__":
    server.run()
