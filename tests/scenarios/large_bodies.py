"""300 KB each way, at once and in pieces: what the socket does not take is resumed, what comes in parts is joined."""

from microhttps import Response

from .bodies import Pieces

SIZE = 300 * 1024
HEAP = "16m"  # of a MicroPython: the pieces, the whole, and what they are compared with
LIMITS = {"max_content_length": 512 * 1024}


def pattern(size):
    """Bytes in which a piece lost, doubled or moved would show."""
    row = bytes(number % 251 for number in range(1255))
    return (row * (size // len(row) + 1))[:size]


def make_server(play):
    server = play.server(**LIMITS)

    @server.post("/echo")
    def echo(request):
        return request.content

    @server.post("/check")
    async def check(request):
        return {"whole": await request.read() == pattern(SIZE)}

    @server.post("/back")
    async def back(request):
        return Response(request.body)

    @server.get("/large")
    def large(request):
        return pattern(SIZE)

    return server


async def client(play):
    ours = play.client(**LIMITS)
    data = pattern(SIZE)
    play.say("down", (await ours.get(play.url("/large"))).body == data)
    play.say("up", (await ours.post(play.url("/check"), body=data)).json())
    play.say("both", (await ours.post(play.url("/echo"), body=data)).body == data)
    pieces = [data[at:at + 10000] for at in range(0, SIZE, 10000)]
    play.say("chunked", (await ours.post(play.url("/echo"), body=Pieces(pieces))).body == data)
    play.say("streamed", (await ours.post(play.url("/back"), body=data[:50000])).body == data[:50000])
    play.say("and the connection stands", (await ours.get(play.url("/large"))).body == data)
    await ours.close()


EXPECTED = """
down True
up {'whole': True}
both True
chunked True
streamed True
and the connection stands True
"""
