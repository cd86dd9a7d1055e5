"""Requests sent without waiting are answered in order, slow ones and bodies among them; nothing behind a close."""

import asyncio

from harness.by_hand import is_at_end, read_answer
from microhttps import connect

GET = "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
CLOSE = "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def make_server(play):
    server = play.server()

    @server.get("/quick/<number>")
    def quick(request):
        return "quick " + request.params["number"]

    @server.get("/slow/<number>")
    async def slow(request):
        await asyncio.sleep(0.05)
        return "slow " + request.params["number"]

    @server.post("/echo")
    def echo(request):
        return request.content

    return server


async def client(play):
    stream = await connect("localhost", play.port, trust=play.trust())
    requests = [GET % "/quick/1", GET % "/slow/2", GET % "/quick/3", POST % ("/echo", 4, "four"), GET % "/nowhere",
                POST % ("/echo", 3, "six"), GET % "/slow/7", GET % "/quick/8"]
    await send(play, stream, "".join(requests), len(requests))
    play.say("a byte at a time")
    for byte in (GET % "/quick/9" + POST % ("/echo", 3, "ten")).encode():
        await stream.write(bytes((byte,)))
    await show(play, stream, 2)
    play.say("a hundred")
    await stream.write("".join(GET % ("/quick/%d" % number) for number in range(100)).encode())
    bodies = []
    for _ in range(100):
        bodies.append((await read_answer(stream))[2])
    play.say(bodies == [b"quick %d" % number for number in range(100)])
    await send(play, stream, GET % "/quick/11" + CLOSE % "/slow/12" + GET % "/quick/13", 2)
    play.say("at end:", await is_at_end(stream))
    await stream.close()


async def send(play, stream, text, count):
    await stream.write(text.encode())
    await show(play, stream, count)


async def show(play, stream, count):
    for _ in range(count):
        status, _, body = await read_answer(stream)
        play.say(status, body)


EXPECTED = """
200 b'quick 1'
200 b'slow 2'
200 b'quick 3'
200 b'four'
404 b'404 Not Found\\n'
200 b'six'
200 b'slow 7'
200 b'quick 8'
a byte at a time
200 b'quick 9'
200 b'ten'
a hundred
True
200 b'quick 11'
200 b'slow 12'
at end: True
"""
