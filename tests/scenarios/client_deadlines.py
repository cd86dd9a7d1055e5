"""A client does not wait for ever: not for an answer, not for the rest of a body, and another request goes on."""

import asyncio

from microhttps import Response

from .bodies import Pieces


class Stalling(Pieces):
    """A body that stops in the middle."""

    async def __anext__(self):
        if not self._pieces:
            await asyncio.sleep(5)
        return await Pieces.__anext__(self)


def make_server(play):
    server = play.server(max_open_sockets=8, max_sockets_per_address=8, stop_timeout=0.1,
                         on_event=lambda name, facts: None)

    @server.get("/never")
    async def never(request):
        await asyncio.sleep(30)
        return "at last"

    @server.get("/stalls")
    async def stalls(request):
        return Response(Stalling([b"the beginning"]))

    @server.get("/good")
    def good(request):
        return "good"

    return server


async def client(play):
    ours = play.client(recv_timeout=1)  # a handshake or an answer takes much less, on a busy machine too
    for path in ("/never", "/stalls"):
        play.say(path, await play.code_of(ours.get(play.url(path))))
    play.say((await ours.get(play.url("/good"))).text())
    await ours.close()
    ours = play.client(total_timeout=1.5)
    for path in ("/never", "/good", "/stalls", "/good"):
        play.say("in all:", path, await play.code_of(ours.get(play.url(path))))
        play.say("in pieces:", path, await play.code_of(read(ours.stream("GET", play.url(path)))))
    await ours.close()


async def read(stream):
    async with stream as answer:
        async for _ in answer:
            pass


EXPECTED = """
/never deadline
/stalls deadline
good
in all: /never deadline
in pieces: /never deadline
in all: /good no error
in pieces: /good no error
in all: /stalls deadline
in pieces: /stalls deadline
in all: /good no error
in pieces: /good no error
"""
