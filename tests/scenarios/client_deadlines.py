"""A client does not wait for ever: not for an answer, not for the rest of a body, and another request goes on."""

import asyncio

from microhttps import Response

from .bodies import Pieces


class Stalling(Pieces):
    """A body that stops in the middle."""

    async def __anext__(self):
        if not self._pieces:
            await asyncio.sleep(3)
        return await Pieces.__anext__(self)


def make_server(play):
    server = play.server(stop_timeout=0.1, on_event=lambda name, facts: None)

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
    ours = play.client(recv_timeout=0.4)
    for path in ("/never", "/stalls"):
        play.say(path, await play.code_of(ours.get(play.url(path))))
    play.say((await ours.get(play.url("/good"))).text())
    await ours.close()


EXPECTED = """
/never deadline
/stalls deadline
good
"""
