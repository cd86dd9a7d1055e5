"""A client's connections are limited, for each host and in all: requests wait for their turn, in turn.

What was forgotten in the middle gives way, what is in use does not.
"""

import asyncio
import gc

from microhttps import Response

from .bodies import Pieces


class Dripping(Pieces):
    """A body that comes slowly."""

    async def __anext__(self):
        await asyncio.sleep(0.1)
        return await Pieces.__anext__(self)


def make_server(play):
    server = play.server(max_open_sockets=16, max_sockets_per_address=16, stop_timeout=0.1,
                         on_event=lambda name, facts: None)
    most = [0]

    @server.get("/slow")
    async def slow(request):
        await asyncio.sleep(0.05)
        most[0] = max(most[0], len(server.sessions))
        return "slow"

    @server.get("/most")
    def tell_most(request):
        found, most[0] = most[0], 0
        return str(found)

    @server.get("/drips")
    async def drips(request):
        return Response(Dripping([b"x" * 100 for _ in range(int(request.query["times"]))]))

    @server.get("/large")
    async def large(request):
        return Response(Pieces([b"x" * 1000 for _ in range(100)]))

    return server


async def client(play):
    for settings, where in (({"max_connections_of_host": 2}, ("localhost",)),
                            ({"max_connections": 3, "max_connections_of_host": 2}, ("localhost", "127.0.0.1"))):
        await ask_at_once(play, settings, where)
    await be_in_use(play)
    await be_forgotten(play)
    await be_cancelled(play)


async def ask_at_once(play, settings, hosts):
    ours = play.client(**settings)
    answers = await asyncio.gather(*[ours.get(play.url("/slow", host)) for host in hosts for _ in range(6)])
    play.say(len(answers), "answered, connections at once:", (await ours.get(play.url("/most"))).text())
    await ours.close()


async def be_in_use(play):
    ours = play.client(max_connections=1, place_timeout=0.4)
    answer = await ours.stream("GET", play.url("/drips?times=12"))
    reading = asyncio.create_task(answer.read())
    play.say("while another reads:", await play.code_of(ours.get(play.url("/slow"))))
    play.say("it has read:", len(await reading))
    play.say("then:", await play.code_of(ours.get(play.url("/slow"))))
    await ours.close()


async def be_forgotten(play):
    ours = play.client(max_connections=1, place_timeout=0.2)
    for _ in range(3):
        answer = await ours.stream("GET", play.url("/large"))
        await answer.__anext__()
    del answer
    gc.collect()
    play.say("when others are forgotten:", (await ours.get(play.url("/slow"))).text())
    await ours.close()


async def be_cancelled(play):
    ours = play.client(max_connections=1)
    answer = await ours.stream("GET", play.url("/drips?times=6"))
    waiting = [asyncio.create_task(ours.get(play.url("/slow"))) for _ in range(3)]
    await asyncio.sleep(0.05)
    waiting[0].cancel()
    await answer.read()
    play.say("behind one that gave up:", (await waiting[1]).text(), (await waiting[2]).text())
    await ours.close()


EXPECTED = """
6 answered, connections at once: 2
12 answered, connections at once: 3
while another reads: no_place
it has read: 1200
then: no error
when others are forgotten: slow
behind one that gave up: slow slow
"""
