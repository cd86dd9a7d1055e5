"""Answers of unknown length: sent chunked to HTTP/1.1, until the close to HTTP/1.0; cut when their source fails."""

from microhttps import PeerError, Response, connect

from .bodies import Pieces

HEAP = "4m"  # of a MicroPython: 120 KB that come in pieces and are then joined
MAY_COMPLAIN = True  # a source that fails half-way is told to the event loop


def counting(last):
    for number in range(1, last + 1):
        if number > 3:
            raise ValueError("the source has failed")
        yield b"%d " % number


def make_server(play):
    server = play.server()

    @server.get("/async")
    async def waits(request):
        return Response(Pieces([b"one ", "two ", b"", b"three"]), content_type="text/plain")

    @server.get("/plain")
    def plain(request):
        return Response(counting(3), headers=(("X-Kind", "generator"),))

    @server.get("/fails")
    def fails(request):
        return Response(counting(9))

    @server.get("/large")
    def large(request):
        return Response(b"z" * 3000 for _ in range(40))

    return server


async def client(play):
    ours = play.client(max_content_length=200 * 1024)
    for path in ("/async", "/plain", "/large"):
        answer = await ours.get(play.url(path))
        play.say(path, answer.status, answer.headers.get("transfer-encoding"), answer.headers.get("content-length"),
                 answer.text() if len(answer.body) < 20 else len(answer.body))
    answer = await ours.head(play.url("/async"))
    play.say("HEAD", answer.status, repr(answer.body))
    try:
        answer = await ours.get(play.url("/fails"))
        play.say("taken for whole:", answer.body)
    except PeerError as error:
        play.say("/fails", error.code)
    answer = await ours.get(play.url("/plain"))
    play.say("and again", answer.text(), answer.headers["x-kind"])
    await ours.close()
    stream = await connect("localhost", play.port, trust=play.trust())
    await stream.write(b"GET /async HTTP/1.0\r\n\r\n")
    text = b""
    while True:
        data = await stream.read(1000)
        if not data:
            break
        text += data
    head, _, body = text.partition(b"\r\n\r\n")
    play.say("HTTP/1.0", head.split(b"\r\n")[0], b"transfer-encoding" in head.lower(), body)
    await stream.close()


EXPECTED = """
/async 200 chunked None one two three
/plain 200 chunked None 1 2 3
/large 200 chunked None 120000
HEAD 200 b''
/fails body_cut_short
and again 1 2 3  generator
HTTP/1.0 b'HTTP/1.1 200 OK' False b'one two three'
"""
