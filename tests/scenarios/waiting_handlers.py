"""A handler that waits keeps nobody else waiting: quick answers come while slow ones sleep, or have much to say."""

import asyncio

from microhttps import Response, connect


def make_server(play):
    server = play.server(max_open_sockets=8, max_sockets_per_address=8)
    released = []

    @server.get("/slow/<name>")
    async def slow(request):
        while not released:
            await asyncio.sleep(0.02)
        return "slow " + request.params["name"]

    @server.get("/quick/<name>")
    def quick(request):
        return "quick " + request.params["name"]

    @server.get("/release")
    def release(request):
        """Asked for when the quick ones have their answers."""
        released.append(True)
        return "released"

    @server.get("/talks")
    def talks(request):
        return Response((b"z" * 5000 for _ in range(400)), length=2_000_000)

    return server


async def client(play):
    waiting = [asyncio.create_task(ask(play, "/slow/" + name)) for name in ("a", "b", "c")]
    talking = asyncio.create_task(listen(play))
    ours = play.client()
    for name in ("1", "2", "3", "4"):
        play.say((await ours.get(play.url("/quick/" + name))).text())
    await ours.get(play.url("/release"))
    await ours.close()
    answers = []
    for task in waiting:
        answers.append(await task)
    play.say(sorted(answers))
    play.say("told", await talking)


async def ask(play, path):
    ours = play.client()
    answer = await ours.get(play.url(path))
    if path.endswith("a"):
        play.say("a slow one")
    await ours.close()
    return answer.text()


async def listen(play):
    """Take an answer of two million bytes, and count them."""
    stream = await connect("localhost", play.port, trust=play.trust())
    await stream.write(b"GET /talks HTTP/1.0\r\n\r\n")
    while await stream.readline() != b"\r\n":
        pass
    total = 0
    while True:
        piece = await stream.read()
        if not piece:
            break
        total += len(piece)
    await stream.close()
    return total


EXPECTED = """
quick 1
quick 2
quick 3
quick 4
a slow one
['slow a', 'slow b', 'slow c']
told 2000000
"""
