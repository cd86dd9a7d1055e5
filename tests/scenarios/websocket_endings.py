"""How WebSockets end: by either side, by a fault, by a rule that was broken, by the server's stop."""

import asyncio

from harness.by_hand import is_at_end, read_head
from microhttps import connect
from websocket.frames import BINARY, TEXT, close, frame

OPTIONS = {"settings": {"max_open_sockets": 8, "max_sockets_per_address": 8, "websocket_close_timeout": 1,
                        "websocket_max_message_length": 1000}}
HANDSHAKE = ("GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")


def make_server(play):
    said = []

    def on_event(name, facts):
        if name in ("connection_lost", "fault"):
            said.append("%s: %s" % (name, getattr(facts["error"], "code", "ValueError")))

    server = play.server(on_event=on_event)

    @server.websocket("/wait")
    async def wait(socket):
        async for message in socket:
            said.append(message if isinstance(message, str) else message.decode())
        said.append("%d %s" % (socket.close_code, socket.close_reason))

    @server.websocket("/fail")
    async def fail(socket):
        await socket.receive()
        raise ValueError("on purpose")

    @server.websocket("/return")
    async def returns(socket):
        pass

    @server.websocket("/code")
    async def code(socket):
        said.append(await play.code_of(socket.close(1005)))
        said.append(await play.code_of(socket.send(7)))
        await socket.close(1013, "later")

    @server.get("/said")
    def tell(request):
        told = said[:]
        said.clear()
        return {"said": told, "states": sorted([session.state for session in server.sessions])}

    @server.get("/close")
    def close(request):
        for session in server.sessions:
            if session.state == "websocket":
                session.close()
        return "closing"

    @server.websocket("/busy")
    async def busy(socket):
        await asyncio.sleep(0.2)

    @server.get("/stop")
    def stop(request):
        asyncio.create_task(stop_soon(server))
        return "stopping"

    return server


async def stop_soon(server):
    await asyncio.sleep(0.05)
    await server.stop()


async def client(play):
    ours = play.client()
    socket = await ours.websocket(play.url("/wait", scheme="wss"))
    play.say((await ours.get(play.url("/said"))).json()["states"])
    await socket.send("a message")
    await socket.close(1001)
    await tell(play, ours, "we leave", 2)

    for path in ("/fail", "/return", "/code"):
        socket = await ours.websocket(play.url(path, scheme="wss"))
        if path == "/fail":
            await socket.send("now")
        play.say(await socket_end(socket))
        await tell(play, ours, path, {"/fail": 1, "/return": 0, "/code": 2}[path])

    socket = await ours.websocket(play.url("/wait", scheme="wss"))
    play.say((await ours.get(play.url("/close"))).text(), await socket_end(socket))
    await tell(play, ours, "session closed")

    socket = await ours.websocket(play.url("/wait", scheme="wss"))
    await play.code_of(socket.send("x" * 1001))  # it may be refused in the midst of it
    play.say("too large:", await socket_end(socket))
    await tell(play, ours, "too large", 2)

    socket = await ours.websocket(play.url("/wait", scheme="wss"))
    socket.abort()
    play.say("aborted:", await play.code_of(socket.receive()), socket.close_code)
    await tell(play, ours, "aborted", 2)

    stream = await shake_hands(play, "/wait", frame(TEXT, b"with the handshake"))
    await stream.write(frame(TEXT, b"behind it"))
    for byte in frame(BINARY, b"by the byte"):
        await stream.write(bytes((byte,)))
    await stream.write(close(4000, b"bye"))
    play.say(await stream.readexactly(4), await is_at_end(stream))
    await stream.close()
    await tell(play, ours, "by hand", 4)

    stream = await shake_hands(play, "/return")
    play.say(await stream.readexactly(4), await is_at_end(stream))  # its close frame, which nobody answers
    await stream.close()
    await tell(play, ours, "close without an answer")

    one = await ours.websocket(play.url("/wait", scheme="wss"))
    two = await ours.websocket(play.url("/busy", scheme="wss"))
    play.say((await ours.get(play.url("/stop"))).text())
    play.say(await socket_end(one), await socket_end(two))
    await ours.close()


async def socket_end(socket):
    async for _ in socket:
        pass
    return socket.close_code, socket.close_reason


async def tell(play, ours, what, count=1):
    """What the server has said of it, `count` lines, once it has let go of the WebSocket."""
    said = []
    for _ in range(100):
        told = (await ours.get(play.url("/said"))).json()
        said += told["said"]
        if told["states"] == ["request"] and len(said) >= count:
            break
        await asyncio.sleep(0.02)
    play.say(what + ":", *said)


async def shake_hands(play, path, behind=b""):
    stream = await connect("localhost", play.port, trust=play.trust())
    await stream.write((HANDSHAKE % path).encode() + behind)
    await read_head(stream)
    return stream


EXPECTED = r"""
['request', 'websocket']
we leave: a message 1001
(1011, '')
/fail: fault: ValueError
(1000, '')
/return:
(1013, 'later')
/code: bad_close_code bad_message
closing (1001, '')
session closed: 1001
too large: (1009, '')
too large: connection_lost: websocket_too_large 1009
aborted: websocket_closed 1006
aborted: connection_lost: reset 1006
b'\x88\x02\x0f\xa0' True
by hand: with the handshake behind it by the byte 4000 bye
b'\x88\x02\x03\xe8' True
close without an answer: connection_lost: deadline
stopping
(1001, '') (1001, '')
"""
