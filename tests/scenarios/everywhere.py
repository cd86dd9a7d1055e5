"""Decorators before all that a server answers: a password for every page, headers in every answer."""

import binascii

from microhttps import PeerError
from microhttps.auth_basic import BasicAuth
from microhttps.everywhere import AddedHeaders

MAY_COMPLAIN = True  # a handler that fails is told to the event loop


def make_server(play):
    server = play.server()
    server.use(AddedHeaders({"X-Always": "here"}), BasicAuth({"ann": "secret"}))

    @server.get("/page")
    def page(request):
        return "for " + request.user

    @server.get("/by/<name>")
    async def by_name(request):
        return request.params["name"], 201

    @server.get("/fails")
    def fails(request):
        raise ValueError("on purpose")

    @server.post("/upload")
    def upload(request):
        return "%d bytes" % len(request.content)

    @server.get("/change")
    def change(request):
        @server.replace("/page")
        def other(request):
            return "replaced for " + request.user

        server.remove("/by/<name>")
        return "changed"

    @server.websocket("/socket")
    async def socket(socket):
        await socket.send("hello " + socket.request.user)

    return server


async def client(play):
    ours = play.client()
    known = ("Authorization", "Basic " + binascii.b2a_base64(b"ann:secret").decode().strip())

    async def ask(method, path, *headers, body=None):
        answer = await ours.request(method, play.url(path), headers=headers, body=body)
        play.say(method, path, answer.status, answer.text().strip(), answer.headers.get("x-always"),
                 answer.headers.get("allow"))

    for headers in ((), (known,)):
        for method, path in (("GET", "/page"), ("GET", "/nowhere"), ("DELETE", "/page"), ("OPTIONS", "/page"),
                             ("GET", "/fails"), ("GET", "/by/tom"), ("HEAD", "/page")):
            await ask(method, path, *headers)
        await ask("POST", "/upload", *headers, body=b"12345")
        try:
            socket = await ours.websocket(play.url("/socket", scheme="wss"), headers=headers)
            play.say(await socket.receive())
            await socket.close()
        except PeerError as error:
            play.say(error.code, error.status)
    for path in ("/change", "/page", "/by/tom"):
        await ask("GET", path, known)
    await ours.close()


EXPECTED = """
GET /page 401 401 Unauthorized here None
GET /nowhere 401 401 Unauthorized here None
DELETE /page 401 401 Unauthorized here GET, HEAD, OPTIONS
OPTIONS /page 401 401 Unauthorized here GET, HEAD, OPTIONS
GET /fails 401 401 Unauthorized here None
GET /by/tom 401 401 Unauthorized here None
HEAD /page 401  here None
POST /upload 401 401 Unauthorized here None
websocket_refused 401
GET /page 200 for ann here None
GET /nowhere 404 404 Not Found here None
DELETE /page 405 405 Method Not Allowed here GET, HEAD, OPTIONS
OPTIONS /page 204  here GET, HEAD, OPTIONS
GET /fails 500 500 Internal Server Error here None
GET /by/tom 201 tom here None
HEAD /page 200  here None
POST /upload 200 5 bytes here None
hello ann
GET /change 200 changed here None
GET /page 200 replaced for ann here None
GET /by/tom 404 404 Not Found here None
"""
