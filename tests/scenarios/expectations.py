"""Expect: 100-continue is answered when the body is wanted, refused without reading it; anything else is 417."""

from harness.by_hand import is_at_end, read_answer, read_head
from microhttps import connect


def make_server(play):
    server = play.server(max_body_length=1000)

    @server.post("/plain")
    def plain(request):
        return request.content

    @server.post("/async")
    async def waits(request):
        return await request.read()

    @server.post("/no")
    async def refuses(request):
        return "not today", 403

    return server


async def client(play):
    for path in ("/plain", "/async", "/no", "/nowhere"):
        stream = await send(play, path, "100-continue", 5)
        status, fields = await read_head(stream)
        if status == 100:
            play.say(path, status, sorted(fields))
            await stream.write(b"hello")
            play.say(path, *(await status_and_body(stream)))
        else:
            await stream.readexactly(int(fields["content-length"]))
            play.say(path, status, "at end:", await is_at_end(stream))
        await stream.close()
    stream = await send(play, "/plain", "100-continue", 5, b"hello")
    play.say("body came along:", *(await status_and_body(stream)))
    await stream.close()
    stream = await send(play, "/plain", "100-continue", 1001)
    play.say("too large:", (await read_answer(stream))[0], "at end:", await is_at_end(stream))
    await stream.close()
    stream = await send(play, "/plain", "a-miracle", 5)
    play.say("a miracle:", (await read_answer(stream))[0], "at end:", await is_at_end(stream))
    await stream.close()


async def status_and_body(stream):
    status, _, body = await read_answer(stream)
    return status, body


async def send(play, path, expectation, length, body=b""):
    stream = await connect("localhost", play.port, trust=play.trust())
    head = "POST %s HTTP/1.1\r\nHost: localhost\r\nExpect: %s\r\nContent-Length: %d\r\n\r\n"
    await stream.write((head % (path, expectation, length)).encode() + body)
    return stream


EXPECTED = """
/plain 100 []
/plain 200 b'hello'
/async 100 []
/async 200 b'hello'
/no 403 at end: True
/nowhere 404 at end: True
body came along: 200 b'hello'
too large: 413 at end: True
a miracle: 417 at end: True
"""
