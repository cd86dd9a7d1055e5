"""However a connection ends, its session was told open once and closed once, or never open and its fault once."""

import asyncio

from microhttps import Response, Trust, connect
from microhttps.sse import EventStream

OPTIONS = {"settings": {"header_timeout": 0.6, "recv_timeout": 0.6, "keep_alive_timeout": 3, "max_open_sockets": 20,
                        "max_sockets_per_address": 20, "handshake_timeout": 3}}
MAY_COMPLAIN = True  # a source that fails half-way is told to the event loop
GET = b"GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"


def make_server(play):
    server = play.server()
    told = []  # [session, states, code of the error at the end]

    @server.on_session
    def on_session(session, state, error):
        for one in told:
            if one[0] is session:
                break
        else:
            one = [session, "", None]
            told.append(one)
        one[1] += state + " "
        one[2] = error.code if error else None

    @server.get("/")
    def page(request):
        return "page"

    @server.get("/fails-half-way")
    def fails_half_way(request):
        def pieces():
            yield b"half"
            raise ValueError("on purpose")

        return Response(pieces())

    @server.get("/events")
    async def events(request):
        async def source(stream):
            while True:
                await stream.send("tick")
                await asyncio.sleep(0.05)

        return EventStream(source)

    @server.get("/ends")
    def ends(request):
        request.session.close()
        return "never seen"

    @server.post("/body")
    def body(request):
        return request.content

    @server.websocket("/socket")
    async def socket(socket):
        async for message in socket:
            if message == "close":
                await socket.close()
            if message == "fail":
                raise ValueError("on purpose")

    @server.get("/told")
    def tell(request):
        return sorted([[one[1], one[2]] for one in told if one[0] is not request.session])

    return server


async def say(play, data, length):
    """Send this over a connection of its own, read a little, and close."""
    stream = await connect("localhost", play.port, trust=play.trust())
    await stream.write(data)
    try:
        await stream.read(length)
        while length > 1000 and await stream.read(length):
            pass
    except OSError:
        pass
    except Exception as error:
        if not hasattr(error, "code"):
            raise
    await stream.close()


async def client(play):
    await say(play, GET % (b"/", b""), 10)
    await say(play, GET % (b"/", b"Connection: close\r\n"), 2000)
    await say(play, (GET % (b"/", b""))[:20], 2000)  # 408
    await say(play, b"no request\r\n\r\n", 2000)
    await say(play, GET % (b"/ends", b""), 2000)
    await say(play, GET % (b"/fails-half-way", b""), 2000)
    await say(play, GET % (b"/events", b""), 10)
    await say(play, b"POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf", 2000)
    ours = play.client()
    for word in ("close", "fail", None):
        socket = await ours.websocket(play.url("/socket", scheme="wss"))
        if word:
            await socket.send(word)
            async for _ in socket:
                pass
        else:
            socket.abort()
    await play.code_of(connect("localhost", play.port, trust=Trust.load(play.path("stranger-ca.crt"))))
    for _ in range(100):
        told = (await ours.get(play.url("/told"))).json()
        if len(told) == 12 and all("open" not in states or "close" in states for states, _ in told):
            break
        await asyncio.sleep(0.05)
    kinds = [states.strip() for states, _ in told]
    for kind in ("open close", "error"):
        play.say(kind, kinds.count(kind))
    play.say("others:", [kind for kind in kinds if kind not in ("open close", "error")])
    play.say("faults told at the close:", sorted([code for states, code in told if code and states[0] == "o"]))
    await ours.close()


EXPECTED = """
open close 11
error 1
others: []
faults told at the close: []
"""
