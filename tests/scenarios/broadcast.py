"""One source of events for many clients: who comes, who goes, who comes back, who is too slow."""

import asyncio

from harness.by_hand import read_head
from microhttps import connect
from microhttps.sse import Broadcast

HEAP = "4m"


def make_server(play):
    server = play.server(max_open_sockets=8, max_sockets_per_address=8, stop_timeout=8)
    news = Broadcast(history=3)
    small = Broadcast(max_queued=4, max_listeners=1)
    lossy = Broadcast(max_queued=2, drop=True)

    @server.get("/news")
    def listen(request):
        return news.stream()

    @server.get("/small")
    async def listen_to_few(request):
        return small.stream()

    @server.get("/lossy")
    async def listen_to_some(request):
        return lossy.stream()

    @server.post("/tell")
    def tell(request):
        text = request.content.decode()
        news.send(text, id=text[-1])
        return str(len(news))

    @server.post("/burst/<int:count>")
    def burst(request):
        """All in one turn: nobody can take any meanwhile."""
        for number in range(request.params["count"]):
            small.send(number)
            lossy.send(number)
        return str(len(small))

    @server.get("/listeners")
    def listeners(request):
        return "%d %d" % (len(news), len(small))

    return server


class Listener:
    """Reads events off a bare stream."""

    def __init__(self, play):
        self._play = play
        self._text = b""

    async def start(self, path, headers=""):
        self._stream = await connect("localhost", self._play.port, trust=self._play.trust())
        await self._stream.write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n").encode())
        await read_head(self._stream)
        await self.read_until(":")
        return self

    async def read_until(self, end):
        """What came up to a line with this, without empty lines; None when the stream ends before."""
        while True:
            lines = [line for line in self._text.decode().split("\n") if line]
            if end in lines:
                place = lines.index(end) + 1
                self._text = "\n".join(lines[place:]).encode() + b"\n"
                return lines[:place]
            size = await self._stream.readline()
            if size in (b"", b"0\r\n"):
                return None
            self._text += await self._stream.readexactly(int(size, 16))
            await self._stream.readexactly(2)

    async def leave(self):
        await self._stream.close()


async def client(play):
    ours = play.client()

    async def tell(text):
        return (await ours.post(play.url("/tell"), text)).text()

    play.say("nobody", await tell("news 0"))
    first = await Listener(play).start("/news")
    second = await Listener(play).start("/news")
    play.say("two", await tell("news 1"))
    for each in (first, second):
        play.say(await each.read_until("data: news 1"))
    await second.leave()
    await until(ours, play, "1 0")
    play.say("one", await tell("news 2"), await tell("news 3"), await tell("news 4"))
    play.say(await first.read_until("data: news 4"))
    for seen in ("3", "1", "0"):
        second = await Listener(play).start("/news", "Last-Event-ID: " + seen + "\r\n")
        play.say("who has seen", seen, await second.read_until("data: news 4"))
        await second.leave()
    await until(ours, play, "1 0")
    few = await Listener(play).start("/small")
    some = await Listener(play).start("/lossy")
    refused = await ours.get(play.url("/small"))
    play.say("one more", refused.status, refused.headers.get("retry-after"))
    play.say("four", (await ours.post(play.url("/burst/4"))).text(), await few.read_until("data: 3"))
    play.say("the newest two", await some.read_until("data: 3"))
    play.say("five are too many", (await ours.post(play.url("/burst/5"))).text(), await code_of_end(few))
    play.say("the newest two", await some.read_until("data: 4"))
    await until(ours, play, "1 0")
    play.say("and the others are served", await tell("news 5"))
    play.say(await first.read_until("data: news 5"))
    for each in (first, few, some):
        await each.leave()
    await ours.close()


async def code_of_end(listener):
    try:
        return await listener.read_until("data: 4")
    except Exception as error:
        return error.code


async def until(ours, play, counts):
    """Wait until so many listen."""
    for _ in range(200):
        if (await ours.get(play.url("/listeners"))).text() == counts:
            return
        await asyncio.sleep(0.02)
    play.say("still not", counts)


EXPECTED = """
nobody 0
two 2
['id: 1', 'data: news 1']
['id: 1', 'data: news 1']
one 1 1 1
['id: 2', 'data: news 2', 'id: 3', 'data: news 3', 'id: 4', 'data: news 4']
who has seen 3 ['id: 4', 'data: news 4']
who has seen 1 ['id: 2', 'data: news 2', 'id: 3', 'data: news 3', 'id: 4', 'data: news 4']
who has seen 0 ['id: 2', 'data: news 2', 'id: 3', 'data: news 3', 'id: 4', 'data: news 4']
one more 503 10
four 1 ['data: 0', 'data: 1', 'data: 2', 'data: 3']
the newest two ['data: 2', 'data: 3']
five are too many 0 None
the newest two ['data: 3', 'data: 4']
and the others are served 1
['id: 5', 'data: news 5']
"""
