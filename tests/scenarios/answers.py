"""What a handler may answer: text, bytes, JSON, nothing, a tuple, a Response; with `def` and with `async def`."""

from microhttps import Response

ANSWERS = (
    ("text", lambda: "grüß dich"),
    ("no text", lambda: ""),
    ("bytes", lambda: b"\x00\xff\x00"),
    ("dictionary", lambda: {"led": "red"}),
    ("list", lambda: [1, 2.5, None, True, "three"]),
    ("none", lambda: None),
    ("text and status", lambda: ("made", 201)),
    ("dictionary and status", lambda: ({"error": "teapot"}, 418)),
    ("none and status", lambda: (None, 202)),
    ("all three", lambda: ("slow down", 503, (("Retry-After", "7"), ("X-Two", "a"), ("X-Two", "b")))),
    ("headers as dictionary", lambda: ("x", 200, {"X-One": "1"})),
    ("headers without a status", lambda: ("x", {"X-One": "1"})),
    ("pairs without a status", lambda: ({"a": 1}, [("X-One", "1"), ("X-One", "2")])),
    ("response and headers", lambda: (Response("gone", 410), {"X-One": "1"})),
    ("response", lambda: Response(b"<p>", content_type="text/html")),
    ("response with status", lambda: Response("gone", 410, (("X-One", "1"),))),
    ("response with its own type", lambda: Response("a,b", headers=(("content-type", "text/csv"),))),
    ("redirect", lambda: Response.redirect("/elsewhere")),
    ("not modified", lambda: Response(b"", 304, (("ETag", '"1"'),))),
)


def make_server(play):
    server = play.server()

    def add(number, make):
        async def waits(request):
            return make()

        server.get("/plain/%d" % number)(lambda request: make())
        server.get("/async/%d" % number)(waits)

    for number, (_, make) in enumerate(ANSWERS):
        add(number, make)
    return server


async def client(play):
    ours = play.client()
    for number, (name, _) in enumerate(ANSWERS):
        told = []
        for kind in ("plain", "async"):
            answer = await ours.request("GET", play.url("/%s/%d" % (kind, number)))
            # What servers say of themselves is not the application's; under ASGI they are not ours.
            fields = [name.lower() + "=" + value for name, value in answer.headers.items()
                      if name.lower() not in ("date", "server")]
            told.append("%s: %d %r %s" % (name, answer.status, answer.body, " ".join(fields)))
        play.say(told[0])
        if told[0] != told[1]:
            play.say("  but async:", told[1])
    await ours.close()


EXPECTED = r"""
text: 200 b'gr\xc3\xbc\xc3\x9f dich' content-type=text/plain; charset=utf-8 content-length=11
no text: 200 b'' content-type=text/plain; charset=utf-8 content-length=0
bytes: 200 b'\x00\xff\x00' content-type=application/octet-stream content-length=3
dictionary: 200 b'{"led": "red"}' content-type=application/json content-length=14
list: 200 b'[1, 2.5, null, true, "three"]' content-type=application/json content-length=29
none: 204 b''
text and status: 201 b'made' content-type=text/plain; charset=utf-8 content-length=4
dictionary and status: 418 b'{"error": "teapot"}' content-type=application/json content-length=19
none and status: 202 b'' content-length=0
all three: 503 b'slow down' retry-after=7 x-two=a x-two=b content-type=text/plain; charset=utf-8 content-length=9
headers as dictionary: 200 b'x' x-one=1 content-type=text/plain; charset=utf-8 content-length=1
headers without a status: 200 b'x' x-one=1 content-type=text/plain; charset=utf-8 content-length=1
pairs without a status: 200 b'{"a": 1}' x-one=1 x-one=2 content-type=application/json content-length=8
response and headers: 410 b'gone' x-one=1 content-type=text/plain; charset=utf-8 content-length=4
response: 200 b'<p>' content-type=text/html content-length=3
response with status: 410 b'gone' x-one=1 content-type=text/plain; charset=utf-8 content-length=4
response with its own type: 200 b'a,b' content-type=text/csv content-length=3
redirect: 302 b'' location=/elsewhere content-length=0
not modified: 304 b'' etag="1"
"""
