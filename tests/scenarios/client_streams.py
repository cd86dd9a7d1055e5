"""Bodies larger than memory: read piece by piece, saved with their progress, and nothing left of what failed."""

import os

from microhttps import Response

SIZE = 300 * 1024
OPTIONS = {"client_settings": {"max_content_length": 100 * 1024}}


def make_server(play):
    server = play.server()

    @server.get("/large")
    def large(request):
        return Response(iter([b"x" * 1024] * (SIZE // 1024)))

    @server.get("/announced")
    def announced(request):
        return b"y" * 50000

    @server.get("/line")
    def line(request):
        return "one line\n"

    @server.get("/cut")
    def cut(request):
        def pieces():
            yield b"z" * 1000
            raise OSError("on purpose")

        return Response(pieces())

    @server.post("/count")
    async def count(request):
        total = 0
        async for piece in request.body:
            total += len(piece)
        return str(total)

    return server


MAY_COMPLAIN = True


class Pieces:
    """An upload: so many pieces of a kilobyte."""

    def __init__(self, count):
        self.left = count

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.left:
            raise StopAsyncIteration
        self.left -= 1
        return b"u" * 1024


async def client(play):
    ours = play.client()
    play.say("too large to hold:", await play.code_of(ours.get(play.url("/large"))))
    async with ours.stream("GET", play.url("/large")) as answer:
        total = 0
        async for piece in answer:
            total += len(piece)
        play.say("read:", answer.status, total == SIZE, answer.length)
    session = answer.session
    answer = await ours.stream("GET", play.url("/announced"))
    play.say("announced:", answer.length, len(await answer.read()), "the same connection:", answer.session is session)
    play.say("after the end:", await answer.read())
    answer.close()
    async with ours.stream("POST", play.url("/count"), body=Pieces(300)) as answer:
        play.say("sent:", int(await answer.read()) == SIZE)
    await saved(play, ours)
    async with ours.stream("GET", play.url("/large")) as answer:
        play.say("limited:", await play.code_of(answer.read(1000)))
    async with ours.stream("GET", play.url("/large")) as answer:
        await answer.__anext__()
    play.say("left in the middle:", answer.session.is_open)
    play.say("still well:", len((await ours.get(play.url("/announced"))).body))
    await ours.close()


async def saved(play, ours):
    path = play.options["scratch"]
    seen = []

    def progress(received, length):
        seen.append((received, length))

    answer = await ours.stream("GET", play.url("/announced"), progress=progress)
    play.say("saved:", await answer.save(path), os.stat(path)[6], seen[-1], len(seen) > 1)
    os.remove(path)
    answer = await ours.stream("GET", play.url("/cut"))
    play.say("cut:", await play.code_of(answer.save(path)))
    folder, name = path.rsplit("/", 1)
    play.say("left behind:", [each for each in os.listdir(folder) if each.startswith(name)])
    answer = await ours.stream("GET", play.url("/line"))
    play.say("what is no file is written to:", await answer.save("/dev/fd/1"))  # our own output


EXPECTED = """
too large to hold: body_too_large
read: 200 True None
announced: 50000 50000 the same connection: True
after the end: b''
sent: True
saved: 50000 50000 (50000, 50000) True
cut: body_cut_short
left behind: []
one line
what is no file is written to: 9
limited: body_too_large
left in the middle: False
still well: 50000
"""
