"""An application for ASGI servers and clients that are not ours: streams, bodies, WebSockets."""

import asyncio

from microhttps import Response
from scenarios.bodies import Pieces


class Ticking(Pieces):
    """Ticks without an end; says when it was closed."""

    def __init__(self, play):
        super().__init__([])
        self._play = play

    async def __anext__(self):
        await asyncio.sleep(0.01)
        return b"tick "

    async def aclose(self):
        self._play.say("closed")


def make_server(play):
    server = play.server(websocket_max_message_length=1000)

    @server.get("/")
    def page(request):
        return {"tls": request.session.tls.alpn, "host": request.headers["host"]}

    @server.get("/ticks")
    async def ticks(request):
        return Response(Ticking(play))

    @server.post("/count")
    async def count(request):
        total = 0
        async for piece in request.body:
            total += len(piece)
        return {"bytes": total}

    @server.websocket("/echo", subprotocols=("chat",))
    async def echo(socket):
        async for message in socket:
            await socket.send(message)
        play.say("echo ended", socket.close_code)

    @server.websocket("/close")
    async def close(socket):
        await socket.close(4001, "because")

    @server.websocket("/fail")
    async def fail(socket):
        raise ValueError("on purpose")

    @server.websocket("/talk")
    async def talk(socket):
        count = 0
        while socket.send_nowait("word"):
            count += 1
            await asyncio.sleep(0.01)
        play.say("nobody listens", count > 1)

    return server
