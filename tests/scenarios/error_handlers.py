"""`@server.error(what)` answers instead of the plain text, for what the server and what handlers refuse.

`what` is a status, of a message that could not be read too, or a class of exceptions. A handler that fails is answered
for plainly.
"""

from harness.by_hand import is_at_end, read_answer
from microhttps import PeerError, Response, connect

LIMITS = {"max_uri_length": 100, "max_header_length": 500, "max_headers": 10, "max_body_length": 3000,
          "header_timeout": 0.3, "max_content_length": 1000}


class Missing(Exception):
    """What an application raises."""


class Teapot(PeerError):
    """A refusal of its own."""


class Gone(Missing):
    """A kind of it."""


def make_server(play):
    def on_event(name, facts):
        if name == "fault":
            play.say(name, type(facts["error"]).__name__)

    server = play.server(on_event=on_event, **LIMITS)

    @server.error(404)
    def nothing(request):
        return {"error": "nothing at " + request.path}, 404

    @server.error(500)
    async def failed(request):
        return "we are sorry", 500

    @server.error(405)
    def not_so(request):
        return "not with " + request.method

    @server.error(400)
    def bad(request):
        return "what was that? " + request.method + repr(request.path) + str(request.headers.get("host"))[:4]

    @server.error(408)
    async def slow(request):
        return Response(Pieces(["too ", "slow"]), 408)

    @server.error(413)
    async def large(request):
        return "too large for " + request.path

    @server.error(414)
    def long(request):
        raise ValueError("in the handler of an error")

    @server.error(431)
    async def many(request):
        raise ValueError("in the handler of an error")

    @server.error(505)
    def old(request):
        return object()

    @server.error(Missing)
    def missing(request, error):
        return "missing " + error.args[0], 404

    @server.error(Gone)
    async def gone(request, error):
        return "gone " + error.args[0]

    @server.error(Teapot)
    def teapot(request, error):
        return "I am a " + error.code

    @server.get("/fails")
    def fails(request):
        raise ValueError("plain")

    @server.get("/fails-async")
    async def fails_too(request):
        raise ValueError("async")

    @server.get("/raises/<kind>")
    def raises(request):
        raise {"missing": Missing, "gone": Gone, "tea": teapot_of}[request.params["kind"]]("a thing")

    @server.post("/json")
    async def json(request):
        return await request.json()

    return server


def teapot_of(thing):
    return Teapot("teapot", status=418)


class Pieces:
    """An async iterator, as MicroPython can make them."""

    def __init__(self, pieces):
        self._pieces = pieces

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self._pieces:
            raise StopAsyncIteration
        return self._pieces.pop(0)


async def client(play):
    ours = play.client()
    for method, path in (("GET", "/nowhere"), ("GET", "/fails"), ("GET", "/fails-async"), ("POST", "/fails"),
                         ("HEAD", "/nowhere"), ("GET", "/raises/missing"), ("GET", "/raises/gone"),
                         ("GET", "/raises/tea"), ("GET", "/raises/else")):
        answer = await ours.request(method, play.url(path))
        play.say(method, path, answer.status, repr(answer.text()), answer.headers.get("allow"))
    answer = await ours.post(play.url("/json"), body=b"{nonsense")
    play.say("POST /json", answer.status, answer.text())
    answer = await ours.post(play.url("/nowhere"), body=b"x" * 2000)
    play.say("POST /nowhere", answer.status, answer.text())
    await ours.close()
    # Heads and bodies that could not be read.
    for name, head in (("bad", b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
                       ("bad path", b"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"),
                       ("large", b"POST /json HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n"),
                       ("long", b"GET /" + b"x" * 200), ("many", b"GET / HTTP/1.1\r\nHost: a\r\n" + b"x: y\r\n" * 200),
                       ("old", b"GET / HTTP/2.0\r\nHost: a\r\n\r\n"), ("slow", b"GET / HTTP/1.1\r\nHo")):
        stream = await connect("localhost", play.port, trust=play.trust())
        await stream.write(head)
        status, fields, body = await read_answer(stream)
        if "transfer-encoding" in fields:
            while not body.endswith(b"0\r\n\r\n"):
                body += await stream.read(100)
        text = body.decode().strip().replace("\r\n", "|")
        play.say(name, status, fields["connection"], text, await is_at_end(stream))
        await stream.close()


EXPECTED = """
GET /nowhere 404 '{"error": "nothing at /nowhere"}' None
GET /fails 500 'we are sorry' None
GET /fails-async 500 'we are sorry' None
POST /fails 405 'not with POST' GET, HEAD, OPTIONS
HEAD /nowhere 404 '' None
GET /raises/missing 404 'missing a thing' None
GET /raises/gone 500 'gone a thing' None
GET /raises/tea 418 'I am a teapot' None
GET /raises/else 500 'we are sorry' None
POST /json 400 what was that? POST'/json'loca
POST /nowhere 404 {"error": "nothing at /nowhere"}
bad 400 close what was that? GET''None True
bad path 400 close what was that? GET''None True
large 413 close too large for /json True
long 500 close 500 Internal Server Error True
many 500 close we are sorry True
old 500 close 500 Internal Server Error True
slow 408 close 4|too |4|slow|0 True
"""

EXPECTED_OF_SERVER = """
fault ValueError
fault ValueError
fault KeyError
fault ValueError
fault ValueError
fault UsageError
"""
