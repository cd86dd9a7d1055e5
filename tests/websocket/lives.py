"""A server of ours for lives that do not go well: phones that fall asleep, readers that are slow; both interpreters."""

import asyncio

from microhttps.websocket import broadcast


def make_server(play):
    rooms = []
    counts = {"sent": 0, "slow": 0}

    def on_event(name, facts):
        if name in ("connection_lost", "fault"):
            error = facts["error"]
            play.say(name, getattr(error, "code", None) or repr(error), getattr(error, "facts", {}).get("setting", ""))

    server = play.server(on_event=on_event)

    @server.websocket("/wait")
    async def wait(socket):
        async for message in socket:
            await socket.send(message)
        play.say("ended", socket.close_code)

    @server.websocket("/torrent")
    async def torrent(socket):
        try:
            while True:
                await socket.send(b"x" * 1000)
                counts["sent"] += 1
        finally:
            play.say("torrent over", counts["sent"] < 100000)

    @server.websocket("/room")
    async def room(socket):
        rooms.append(socket)
        async for _ in socket:
            pass
        rooms.remove(socket)

    @server.websocket("/hold")
    async def hold(socket):
        await asyncio.sleep(1.5)
        count = 0
        async for message in socket:
            count += len(message)
        play.say("held", count)

    @server.get("/shout")
    async def shout(request):
        """Much to all of the room, and no waiting."""
        total = 0
        for _ in range(200):
            total += broadcast(rooms, b"y" * 10000)
            await asyncio.sleep(0)
        return {"sent": total, "left": len([socket for socket in rooms if socket.close_code is None])}

    return server
