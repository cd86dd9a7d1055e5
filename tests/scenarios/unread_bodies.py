"""Bodies that no handler reads: little is drained and the connection lives on, much or a broken one is its end.

What is behind a body is the next request only when its end was found. Trailers are seen behind a body that was read.
"""

from harness.by_hand import is_at_end, read_answer
from microhttps import connect

LIMITS = {"max_content_length": 2000, "max_body_length": 1000 * 1000}


def make_server(play):
    server = play.server(on_event=lambda name, facts: None, **LIMITS)

    @server.get("/")
    def page(request):
        return "page"

    @server.post("/ignored")
    async def ignored(request):
        return "not read"

    @server.post("/half")
    async def half(request):
        return str(len(await request.body.next_chunk()) > 0)

    @server.post("/fails")
    async def fails(request):
        raise ValueError

    @server.post("/read")
    async def read(request):
        before = len(request.trailers)
        body = await request.read()
        return "%d %d %s" % (before, len(body), sorted(request.trailers.items()))

    @server.post("/read-plain")
    def read_plain(request):
        return "%d %s" % (len(request.content), sorted(request.trailers.items()))

    return server


async def client(play):
    async def ask(what, path, fields, *pieces):
        """Send a request in pieces and another behind it; tell what is answered, until the end."""
        stream = await connect("localhost", play.port, trust=play.trust())
        head = "POST %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n" % (path, "".join([field + "\r\n" for field in fields]))
        await stream.write(head.encode() + pieces[0])
        for piece in pieces[1:]:
            await stream.write(piece)
        answers = [await tell(stream)]
        if answers[0][-1] != "close":
            await stream.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            answers.append(await tell(stream))
        play.say(what + ":", *answers)
        if not await is_at_end(stream):
            play.say("and more")
        await stream.close()

    chunked = b"bb8\r\n" + b"x" * 3000 + b"\r\n0\r\nX: y\r\n\r\n"
    small, large = b"x" * 3000, 900 * 1000
    for path in ("/ignored", "/half", "/fails", "/nowhere"):
        await ask(path + " announced", path, ["Content-Length: 3000"], small)
        await ask(path + " in two", path, ["Content-Length: 3000"], small[:10], small[10:])
        await ask(path + " chunked", path, ["Transfer-Encoding: chunked"], chunked)
        await ask(path + " large", path, ["Content-Length: %d" % large], small)
    await ask("on a path without this method", "/", ["Content-Length: 3000"], small)
    await ask("too much for memory", "/read", ["Content-Length: 3000"], small)
    await ask("the last request anyway", "/ignored", ["Content-Length: 3000", "Connection: close"], small)
    await ask("nobody said go on", "/ignored", ["Content-Length: 3000", "Expect: 100-continue"], b"")
    # What looks like a request inside a body is none, and what is behind a broken one is none either.
    inside = b"GET /inside HTTP/1.1\r\nHost: x\r\n\r\n"
    await ask("a request inside", "/ignored", ["Content-Length: %d" % len(inside)], inside)
    broken = b"5\r\nhello\r\nzz\r\n" + inside
    for path in ("/ignored", "/half", "/read"):
        stream = await connect("localhost", play.port, trust=play.trust())
        await stream.write(b"POST %s HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" % path.encode())
        await stream.write(broken)
        play.say("broken", path, (await read_answer(stream))[0], "at end:", await is_at_end(stream))
        await stream.close()
    # Trailers, of which some are forbidden.
    trailers = b"X-Sum: 1\r\nContent-Length: 9\r\nAuthorization: x\r\nx-sum: 2\r\n\r\n"
    for path in ("/read", "/read-plain"):
        await ask("trailers of " + path, path, ["Transfer-Encoding: chunked"], b"3\r\nabc\r\n0\r\n" + trailers)
        await ask("none of " + path, path, ["Content-Length: 3"], b"abc")


async def tell(stream):
    status, fields, body = await read_answer(stream)
    return "%d %s" % (status, body.decode().strip()), fields.get("connection", "open")


EXPECTED = """
/ignored announced: ('200 not read', 'open') ('200 page', 'close')
/ignored in two: ('200 not read', 'open') ('200 page', 'close')
/ignored chunked: ('200 not read', 'open') ('200 page', 'close')
/ignored large: ('200 not read', 'close')
/half announced: ('200 True', 'open') ('200 page', 'close')
/half in two: ('200 True', 'open') ('200 page', 'close')
/half chunked: ('200 True', 'open') ('200 page', 'close')
/half large: ('200 True', 'close')
/fails announced: ('500 500 Internal Server Error', 'open') ('200 page', 'close')
/fails in two: ('500 500 Internal Server Error', 'open') ('200 page', 'close')
/fails chunked: ('500 500 Internal Server Error', 'open') ('200 page', 'close')
/fails large: ('500 500 Internal Server Error', 'close')
/nowhere announced: ('404 404 Not Found', 'open') ('200 page', 'close')
/nowhere in two: ('404 404 Not Found', 'open') ('200 page', 'close')
/nowhere chunked: ('404 404 Not Found', 'open') ('200 page', 'close')
/nowhere large: ('404 404 Not Found', 'close')
on a path without this method: ('405 405 Method Not Allowed', 'open') ('200 page', 'close')
too much for memory: ('413 413 Content Too Large', 'close')
the last request anyway: ('200 not read', 'close')
nobody said go on: ('200 not read', 'close')
a request inside: ('200 not read', 'open') ('200 page', 'close')
broken /ignored 200 at end: True
broken /half 200 at end: True
broken /read 400 at end: True
trailers of /read: ("200 0 3 [('X-Sum', '1'), ('x-sum', '2')]", 'open') ('200 page', 'close')
none of /read: ('200 0 3 []', 'open') ('200 page', 'close')
trailers of /read-plain: ("200 3 [('X-Sum', '1'), ('x-sum', '2')]", 'open') ('200 page', 'close')
none of /read-plain: ('200 3 []', 'open') ('200 page', 'close')
"""
