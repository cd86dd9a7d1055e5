"""A room of WebSockets: what one says all hear, at once and without waiting for the slow; and work from outside."""

from microhttps.websocket import broadcast

OPTIONS = {"settings": {"max_open_sockets": 8, "max_sockets_per_address": 8}}


def make_server(play):
    server = play.server()
    room = server.context["room"] = []

    @server.websocket("/room")
    async def enter(socket):
        room.append(socket)
        await socket.send("welcome, you are number %d" % len(room))
        async for message in socket:
            broadcast(room, message)
        room.remove(socket)
        broadcast(room, "one has left")

    @server.post("/say")
    async def say(request):
        # As a sensor, a timer or another thread would.
        server.call_soon(broadcast, room, (await request.read()).decode())
        return {"room": len(room)}

    return server


async def client(play):
    ours = play.client()
    sockets = []
    for _ in range(3):
        sockets.append(await ours.websocket(play.url("/room", scheme="wss")))
        play.say(await sockets[-1].receive())
    await sockets[0].send("hello, all")
    await tell(play, sockets)
    await sockets[2].send(b"\x01\x02")
    await tell(play, sockets)
    await sockets.pop(1).close()
    await tell(play, sockets)
    play.say((await ours.post(play.url("/say"), b"lights out")).json())
    await tell(play, sockets)
    play.say(sockets[0].send_nowait("taken"), await sockets[1].receive())
    for socket in sockets:
        await socket.close()
    play.say(sockets[0].send_nowait("too late"))
    await ours.close()


async def tell(play, sockets):
    heard = []
    for socket in sockets:
        heard.append(await socket.receive())
    play.say(*heard)


EXPECTED = r"""
welcome, you are number 1
welcome, you are number 2
welcome, you are number 3
hello, all hello, all hello, all
b'\x01\x02' b'\x01\x02' b'\x01\x02'
one has left one has left
{'room': 2}
lights out lights out
True taken
False
"""
