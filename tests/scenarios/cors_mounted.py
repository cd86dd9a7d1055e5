"""CORS for all of a server: every answer, what is not found and what fails included."""

from microhttps.cors import Cors

MAY_COMPLAIN = True  # a handler that fails is told to the event loop


def make_server(play):
    server = play.server()
    server.use(Cors(["https://a.example"], headers=("X-Kind",)))

    @server.get("/plain")
    def plain(request):
        return "plain"

    @server.post("/late")
    async def late(request):
        return {"bytes": len(await request.read())}

    @server.get("/pieces")
    def pieces(request):
        return (b"piece " for _ in range(3)), 201

    @server.get("/fails")
    def fails(request):
        raise ValueError("on purpose")

    @server.error(404)
    def missing(request):
        return "no such page"

    return server


async def client(play):
    ours = play.client()

    async def ask(method, path, origin="a.example", *headers, body=None):
        headers += (("Origin", "https://" + origin),)
        answer = await ours.request(method, play.url(path), headers=headers, body=body)
        fields = [answer.headers.get(name, "-") for name in ("access-control-allow-origin", "vary", "allow",
                                                             "access-control-allow-methods")]
        play.say(method, path, answer.status, answer.text().strip(), *fields)

    await ask("GET", "/plain")
    await ask("GET", "/plain", "b.example")
    await ask("POST", "/late", body=b"12345")
    await ask("GET", "/pieces")
    await ask("GET", "/fails")
    await ask("GET", "/nowhere")
    await ask("POST", "/nowhere", body=b"12345")
    await ask("DELETE", "/plain")
    await ask("OPTIONS", "/late", "a.example", ("Access-Control-Request-Method", "POST"))
    await ask("OPTIONS", "/late")
    await ask("GET", "/plain")
    await ours.close()


EXPECTED = """
GET /plain 200 plain https://a.example Origin - -
GET /plain 200 plain - Origin - -
POST /late 200 {"bytes": 5} https://a.example Origin - -
GET /pieces 201 piece piece piece https://a.example Origin - -
GET /fails 500 500 Internal Server Error https://a.example Origin - -
GET /nowhere 404 no such page https://a.example Origin - -
POST /nowhere 404 no such page https://a.example Origin - -
DELETE /plain 405 405 Method Not Allowed https://a.example Origin GET, HEAD, OPTIONS -
OPTIONS /late 204  https://a.example Origin OPTIONS, POST GET, POST, PUT, PATCH, DELETE
OPTIONS /late 204  https://a.example Origin OPTIONS, POST -
GET /plain 200 plain https://a.example Origin - -
"""
