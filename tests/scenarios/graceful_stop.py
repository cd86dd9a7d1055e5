"""stop() lets a request in progress end, closes the idle at once, and takes no newcomers; the port is free again."""

import asyncio

from harness.by_hand import is_at_end, read_answer
from microhttps import connect


def make_server(play):
    server = play.server(stop_timeout=5)

    @server.post("/stop")
    async def stop(request):
        play.say("stopping")
        asyncio.create_task(stop_soon(play, server))
        await asyncio.sleep(1.2)  # time for a newcomer to be refused in
        return "the last answer"

    @server.get("/")
    def page(request):
        return "page"

    return server


async def stop_soon(play, server):
    await server.stop()
    play.say("all have gone:", len(server.sessions))
    await server.start()
    play.say("started again")


async def client(play):
    idle = await connect("localhost", play.port, trust=play.trust())
    await idle.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    play.say("idle:", (await read_answer(idle))[2])
    busy = await connect("localhost", play.port, trust=play.trust())
    await busy.write(b"POST /stop HTTP/1.1\r\nHost: localhost\r\n\r\n")
    play.say("idle is at end:", await is_at_end(idle))
    newcomer = play.client()
    play.say("a newcomer:", await play.code_of(newcomer.get(play.url())))
    status, fields, body = await read_answer(busy)
    play.say("busy:", status, body)
    play.say("busy is at end:", await is_at_end(busy))
    await idle.close()
    await busy.close()
    play.say("afterwards:", await ask_until_there(play, newcomer))
    await newcomer.close()


async def ask_until_there(play, ours):
    for _ in range(100):
        if await play.code_of(ours.get(play.url())) == "no error":
            return (await ours.get(play.url())).text()
        await asyncio.sleep(0.05)


EXPECTED = """
idle: b'page'
idle is at end: True
a newcomer: refused
busy: 200 b'the last answer'
busy is at end: True
afterwards: page
"""

EXPECTED_OF_SERVER = """
stopping
all have gone: 0
started again
"""
