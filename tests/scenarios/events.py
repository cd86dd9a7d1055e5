"""Server-sent events: from a function, a generator, an object that is awaited; their order, their fields, their end."""

import asyncio

from harness.by_hand import read_head
from microhttps import Response, UsageError, connect
from microhttps.sse import Event, EventStream

from .bodies import Pieces

HEAP = "4m"
MAY_COMPLAIN = True  # a source that fails is told to the event loop


def make_server(play):
    server = play.server(max_open_sockets=8, max_sockets_per_address=8)
    ended = []

    async def feed(stream):
        try:
            await stream.send("first, behind " + str(stream.last_event_id), id=1)
            await asyncio.sleep(0.05)
            await stream.send({"second": [2]}, event="update", id="two", retry=1500)
            await stream.send("three\nlines\r\nof\rtext ü")
            await stream.send(retry=10)
            await stream.send("")
        finally:
            ended.append("feed")

    @server.get("/feed")
    async def events(request):
        return EventStream(feed)

    @server.get("/generator")
    def generated(request):
        return EventStream("number %d" % number for number in range(50))

    @server.get("/awaited")
    def awaited(request):
        return EventStream(Pieces(["one", Event("two", id="2"), {"three": 3}]))

    @server.get("/headers")
    def headers(request):
        return EventStream(["only"]), 200, (("X-Mine", "yes"),)

    @server.get("/held")
    async def held(request):
        stream = EventStream()
        asyncio.create_task(send_to(stream))
        return stream

    async def send_to(stream):
        for number in range(100):
            await stream.send(number)
        stream.close()

    @server.get("/fails")
    async def fails(request):
        async def break_off(stream):
            await stream.send("half")
            raise ValueError("on purpose")

        return EventStream(break_off)

    @server.get("/quiet")
    async def quiet(request):
        return EventStream(wait_long, keep_alive=0.1)

    async def wait_long(stream):
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("wait_long")

    @server.post("/answered")
    async def answered(request):
        words = (await request.read()).decode().split()
        return EventStream(words)

    @server.get("/ended")
    def told(request):
        return " ".join(ended)

    @server.get("/bad/<int:number>")
    async def bad(request):
        fields = ({"id": "a\nb"}, {"id": "a\0"}, {"event": "a\rb", "data": "x"}, {})[request.params["number"]]
        try:
            EventStream().offer(**fields)
        except UsageError as error:
            return error.code

    @server.get("/full")
    async def full(request):
        stream = EventStream(max_queued=2)
        sent = [stream.offer("x") for _ in range(3)]
        try:
            await stream.send("y")
        except UsageError as error:
            return Response(error.code + " " + str(sent))

    return server


async def client(play):
    ours = play.client()
    for path in ("/feed", "/awaited", "/headers", "/held"):
        headers = (("Last-Event-ID", "zero"),) if path == "/feed" else ()
        answer = await ours.get(play.url(path), headers=headers)
        play.say(path, answer.status, answer.headers["content-type"], answer.headers["cache-control"],
                 answer.headers["x-accel-buffering"], answer.headers.get("x-mine"))
        play.say(answer.text() if path != "/held" else answer.text().count("data: "))
    answer = await ours.get(play.url("/generator"))
    play.say("/generator", answer.text().split("\n\n")[-2], answer.text().count("data: "))
    answer = await ours.head(play.url("/quiet"))
    play.say("HEAD", answer.status, repr(answer.body))
    answer = await ours.post(play.url("/answered"), b"so many words")
    play.say("POST", answer.text().replace("\n", "|"))
    play.say("/fails", await play.code_of(ours.get(play.url("/fails"))))
    for number in range(4):
        play.say((await ours.get(play.url("/bad/" + str(number)))).text())
    play.say((await ours.get(play.url("/full"))).text())
    await leave(play, ours)
    await ask_again(play)
    await ours.close()


async def leave(play, ours):
    """Who goes is seen at once, and what was done for him ends."""
    stream = await connect("localhost", play.port, trust=play.trust())
    await stream.write(b"GET /quiet HTTP/1.1\r\nHost: x\r\n\r\n")
    play.say("quiet", (await read_head(stream))[0])
    for _ in range(3):
        size = await stream.readline()
        play.say(size, (await stream.readexactly(5))[:3])
    await stream.close()
    for _ in range(100):
        ended = (await ours.get(play.url("/ended"))).text()
        if "wait_long" in ended:
            break
        await asyncio.sleep(0.02)
    play.say("ended:", ended)


async def ask_again(play):
    """The next request, sent before the stream has ended, is answered behind it."""
    stream = await connect("localhost", play.port, trust=play.trust())
    await stream.write(b"GET /feed HTTP/1.1\r\nHost: x\r\n\r\n")
    await stream.readline()
    await asyncio.sleep(0.02)
    await stream.write(b"GET /bad/0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    text = b""
    while True:
        data = await stream.read()
        if not data:
            break
        text += data
    play.say("behind it:", b"0\r\n\r\nHTTP/1.1 200 OK\r\n" in text, text[-9:])
    await stream.close()


EXPECTED = """
/feed 200 text/event-stream no-store no None
:

id: 1
data: first, behind zero

event: update
id: two
retry: 1500
data: {"second": [2]}

data: three
data: lines
data: of
data: text ü

retry: 10

data:


/awaited 200 text/event-stream no-store no None
:

data: one

id: 2
data: two

data: {"three": 3}


/headers 200 text/event-stream no-store no yes
:

data: only


/held 200 text/event-stream no-store no None
100
/generator data: number 49 50
HEAD 200 b''
POST :||data: so||data: many||data: words||
/fails body_cut_short
bad_event
bad_event
bad_event
bad_event
stream_not_begun [True, True, False]
quiet 200
b'3\\r\\n' b':\\n\\n'
b'3\\r\\n' b':\\n\\n'
b'3\\r\\n' b':\\n\\n'
ended: feed wait_long
behind it: True b'bad_event'
"""
