"""Pages of other sites: which may read an answer, what OPTIONS says, for one route or for all of a server."""

from microhttps import Response, UsageError
from microhttps.auth_bearer import BearerAuth
from microhttps.cors import Cors

MAY_COMPLAIN = True  # a handler that fails is told to the event loop


def make_server(play):
    server = play.server()
    some = Cors(["https://a.example", "https://b.example"], methods=("GET", "PUT"), headers=("X-Kind", "Authorization"),
                expose=("X-Seen",), max_age=60, credentials=True)

    @server.get("/open")
    @Cors("*")
    def opened(request):
        return "open"

    @server.get("/some")
    @some
    @BearerAuth({"t": "ann"})
    async def some_may(request):
        return Response("for " + request.user, headers=(("X-Seen", "1"),))

    @server.put("/some")
    @some
    def put(request):
        raise ValueError("on purpose")

    @server.get("/asked")
    @Cors(lambda origin: origin.endswith(".example"))
    def asked(request):
        return {"asked": True}

    @server.get("/none")
    def none(request):
        return "nothing said"

    return server


FIELDS = ("access-control-allow-origin", "access-control-allow-credentials", "access-control-allow-methods",
          "access-control-allow-headers", "access-control-expose-headers", "access-control-max-age", "allow")


async def client(play):
    for origins, more in (("*", {"credentials": True}), (["https://a", "*"], {"credentials": True}),
                          ("*", {"methods": ("GET, PUT",)})):
        try:
            Cors(origins, **more)
        except UsageError as error:
            play.say(error.code)
    ours = play.client()

    async def ask(method, path, origin=None, *headers):
        if origin:
            headers += (("Origin", "https://" + origin),)
        answer = await ours.request(method, play.url(path), headers=headers)
        told = [answer.headers.get(name) for name in FIELDS if name in answer.headers]
        play.say(method, path, origin, answer.status, *told)
        play.say("   vary", ", ".join(value for name, value in answer.headers if name.lower() == "vary"))

    wanted = ("Access-Control-Request-Method", "PUT")
    await ask("GET", "/open", "c.example")
    await ask("GET", "/open")
    await ask("OPTIONS", "/open", "c.example", wanted)
    for origin in ("a.example", "b.example", "c.example", None):
        await ask("GET", "/some", origin, ("Authorization", "Bearer t"))
    await ask("GET", "/some", "a.example")
    await ask("OPTIONS", "/some", "a.example", wanted)
    await ask("OPTIONS", "/some", "c.example", wanted)
    await ask("OPTIONS", "/some")
    await ask("PUT", "/some", "a.example")
    await ask("GET", "/asked", "a.example")
    await ask("GET", "/asked", "a.com")
    await ask("GET", "/none", "a.example")
    await ask("OPTIONS", "/none", "a.example", wanted)
    await ask("GET", "/nowhere", "a.example")
    await ours.close()


EXPECTED = """
open_credentials
open_credentials
bad_method
GET /open c.example 200 *
   vary
GET /open None 200 *
   vary
OPTIONS /open c.example 204 * GET, POST, PUT, PATCH, DELETE 600 GET, HEAD, OPTIONS
   vary Access-Control-Request-Method, Access-Control-Request-Headers
GET /some a.example 200 https://a.example true X-Seen
   vary Origin
GET /some b.example 200 https://b.example true X-Seen
   vary Origin
GET /some c.example 200 X-Seen
   vary Origin
GET /some None 200 X-Seen
   vary Origin
GET /some a.example 401 https://a.example true X-Seen
   vary Origin
OPTIONS /some a.example 204 https://a.example true GET, PUT X-Kind, Authorization 60 GET, HEAD, OPTIONS, PUT
   vary Origin, Access-Control-Request-Method, Access-Control-Request-Headers
OPTIONS /some c.example 204 GET, HEAD, OPTIONS, PUT
   vary Origin, Access-Control-Request-Method, Access-Control-Request-Headers
OPTIONS /some None 204 X-Seen GET, HEAD, OPTIONS, PUT
   vary Origin
PUT /some a.example 500 https://a.example true X-Seen
   vary Origin
GET /asked a.example 200 https://a.example
   vary Origin
GET /asked a.com 200
   vary Origin
GET /none a.example 200
   vary
OPTIONS /none a.example 204 GET, HEAD, OPTIONS
   vary
GET /nowhere a.example 404
   vary
"""
