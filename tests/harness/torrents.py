"""A server that has more to say than anybody reads: answers and events without end, from every kind of source."""

import asyncio

from microhttps import Response
from microhttps.sse import Broadcast, EventStream

PIECE = b"x" * 1000


class Endless:
    """An async iterator without end, as MicroPython can make them; `asleep` between its pieces, in seconds."""

    def __init__(self, asleep=None):
        self._asleep = asleep

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self._asleep is not None:
            await asyncio.sleep(self._asleep)
        return PIECE


def endless():
    while True:
        yield PIECE


def make_server(play):
    said = ("connection_lost", "fault")

    def on_event(name, facts):
        if name in said:
            play.say(name, getattr(facts["error"], "code", None) or repr(facts["error"]))

    server = play.server(on_event=on_event)
    closing = Broadcast(max_queued=8)
    dropping = Broadcast(max_queued=8, drop=True)

    @server.get("/")
    def small(request):
        return "small"

    @server.get("/generator")
    def generator(request):
        return Response(endless())

    @server.get("/iterator")
    async def iterator(request):
        return Response(Endless())

    @server.get("/large-pieces")
    def large_pieces(request):
        return Response(bytes(200_000) for _ in range(1000))

    @server.get("/events")
    async def events(request):
        return EventStream(feed)

    async def feed(stream):
        while True:
            await stream.send(PIECE)

    @server.get("/events-of-a-generator")
    def events_of_a_generator(request):
        return EventStream(endless())

    @server.get("/events-of-an-iterator")
    def events_of_an_iterator(request):
        return EventStream(Endless())

    @server.get("/quiet")
    def quiet(request):
        return EventStream()

    async def tell(broadcast):
        while len(broadcast):
            broadcast.send(PIECE)
            await asyncio.sleep(0.001)

    def join(broadcast):
        async def begin():
            await asyncio.sleep(0.05)
            await tell(broadcast)

        if not len(broadcast):
            asyncio.create_task(begin())
        return broadcast.stream()

    @server.get("/broadcast")
    async def broadcast(request):
        return join(closing)

    @server.get("/broadcast-that-drops")
    async def broadcast_that_drops(request):
        return join(dropping)

    return server
