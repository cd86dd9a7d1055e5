"""A server that stops ends its streams at once, and in a way that looks whole."""

import asyncio

from harness.by_hand import read_head
from microhttps import connect
from microhttps.sse import Broadcast, EventStream

OPTIONS = {"settings": {"stop_timeout": 15}}


def make_server(play):
    server = play.server()
    news = Broadcast()

    @server.get("/news")
    def listen(request):
        return news.stream()

    async def wait(stream):
        await stream.send("here")
        await asyncio.sleep(60)

    @server.get("/waits")
    def waits(request):
        return EventStream(wait)

    @server.post("/stop")
    async def stop(request):
        asyncio.create_task(server.stop())
        return "stopping"

    return server


async def client(play):
    streams = []
    for path in (b"/news", b"/waits"):
        stream = await connect("localhost", play.port, trust=play.trust())
        await stream.write(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        play.say(path, (await read_head(stream))[0])
        streams.append(stream)
    ours = play.client()
    play.say((await ours.post(play.url("/stop"))).text())
    for stream in streams:
        text = b""
        while True:
            data = await stream.read()
            if not data:
                break
            text += data
        play.say(text.endswith(b"0\r\n\r\n"))
        await stream.close()
    await ours.close()


EXPECTED = """
b'/news' 200
b'/waits' 200
stopping
True
True
"""
