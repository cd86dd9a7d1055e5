"""Bodies that arrive: announced or chunked, read by `def`, by `async def`, as JSON, piece by piece, or not at all."""


def make_server(play):
    server = play.server()

    @server.post("/plain")
    def plain(request):
        return request.content

    @server.post("/read")
    async def read(request):
        return await request.read()

    @server.post("/json")
    async def json(request):
        return {"got": await request.json()}

    @server.post("/pieces")
    async def pieces(request):
        total = 0
        async for piece in request.body:
            total += len(piece)
        return str(total)

    @server.route("/ignored", ("GET", "POST", "DELETE"))
    async def ignored(request):
        return "not read"

    return server


class Pieces:
    """An async iterator, as MicroPython can make them."""

    def __init__(self, pieces):
        self._pieces = list(pieces)

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self._pieces:
            raise StopAsyncIteration
        return self._pieces.pop(0)


async def client(play):
    ours = play.client()
    for path in ("/plain", "/read", "/pieces"):
        for name, body in (("none", b""), ("bytes", b"\x00\x01\xff"), ("text", "grüß"), ("4000", b"x" * 4000),
                           ("chunked", Pieces([b"one ", b"", b"two ", b"three" * 300])),
                           ("chunked text", Pieces(["grüß ", "", b"dich"]))):
            answer = await ours.post(play.url(path), body=body)
            play.say(path, name, answer.status, answer.body if len(answer.body) < 20 else len(answer.body))
    for name, body in (("good", {"a": [1, 2]}), ("bad", b"{nonsense")):
        answer = await ours.post(play.url("/json"), **({"json": body} if name == "good" else {"body": body}))
        play.say("/json", name, answer.status, answer.text() if answer.status == 200 else "")
    answer = await ours.post(play.url("/ignored"), body=b"y" * 2000)
    play.say("/ignored", answer.status, answer.text())
    answer = await ours.request("DELETE", play.url("/ignored"), body=b"y" * 2000)
    play.say("/ignored", answer.status, answer.text())
    answer = await ours.post(play.url("/plain"), body=b"after all that")
    play.say("/plain", answer.status, answer.text())
    await ours.close()


EXPECTED = r"""
/plain none 200 b''
/plain bytes 200 b'\x00\x01\xff'
/plain text 200 b'gr\xc3\xbc\xc3\x9f'
/plain 4000 200 4000
/plain chunked 200 1508
/plain chunked text 200 b'gr\xc3\xbc\xc3\x9f dich'
/read none 200 b''
/read bytes 200 b'\x00\x01\xff'
/read text 200 b'gr\xc3\xbc\xc3\x9f'
/read 4000 200 4000
/read chunked 200 1508
/read chunked text 200 b'gr\xc3\xbc\xc3\x9f dich'
/pieces none 200 b'0'
/pieces bytes 200 b'3'
/pieces text 200 b'6'
/pieces 4000 200 b'4000'
/pieces chunked 200 b'1508'
/pieces chunked text 200 b'11'
/json good 200 {"got": {"a": [1, 2]}}
/json bad 400
/ignored 200 not read
/ignored 200 not read
/plain 200 after all that
"""
