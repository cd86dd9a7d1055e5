"""Pages of one's own for refusals, and headers added to answers of every kind: a challenge, a cookie, an origin."""

from microhttps import Response
from microhttps.auth_basic import BasicAuth
from microhttps.cookie_sessions import CookieSessions
from microhttps.cors import Cors

UNCHANGED = Response("the same each time", headers=(("X-Mine", "1"),))


def make_server(play):
    server = play.server()
    basic = BasicAuth({"ann": "secret"}, max_failures=1)
    sessions = CookieSessions("a secret of this test, long enough")
    cors = Cors(["https://a.example"])

    @server.error(401)
    async def unauthorized(request):
        return {"error": "log in"}

    @server.error(429)
    def too_many(request):
        return Response("come back later", 429, headers=(("X-Mine", "2"),))

    @server.error(403)
    def forbidden(request):
        return "not you", 403, {"X-Mine": "3"}

    @server.get("/guarded")
    @basic
    def guarded(request):
        return "in"

    @server.get("/session")
    @sessions.required()
    def required(request):
        return "in"

    def answer(path, result, *decorators):
        def handler(request):
            sessions.of(request)["n"] = 1
            return result(request)

        for decorator in decorators:
            handler = decorator(handler)
        server.get(path)(handler)

    async def later(request):
        return "later"

    answer("/text", lambda request: "text", sessions, cors)
    answer("/bytes", lambda request: b"bytes", sessions, cors)
    answer("/list", lambda request: [1], sessions, cors)
    answer("/none", lambda request: None, sessions, cors)
    answer("/tuple", lambda request: ("made", 201, (("X-Mine", "4"),)), sessions, cors)
    answer("/response", lambda request: UNCHANGED, sessions, cors)
    answer("/iterator", lambda request: Response(iter([b"one ", b"two"]), content_type="text/x"), sessions, cors)
    answer("/later", later, sessions, cors)
    answer("/file", lambda request: Response.file(play.path("ca.crt")), sessions, cors)
    answer("/bad", lambda request: 7, sessions, cors)
    return server


MAY_COMPLAIN = True  # an answer that is none is told to the event loop


async def client(play):
    ours = play.client()

    async def ask(path, *headers):
        answer = await ours.get(play.url(path), headers=headers)
        text = answer.text().strip()
        told = [answer.headers.get(name, "-") for name in ("www-authenticate", "x-mine", "access-control-allow-origin")]
        play.say(path, answer.status, text if len(text) < 40 else len(text) > 200, answer.headers.get("content-type"),
                 "set-cookie" in answer.headers, *told)

    await ask("/guarded")
    wrong = "Authorization", "Basic YW5uOndyb25n"
    await ask("/guarded", wrong)
    await ask("/guarded", wrong)
    await ask("/session")
    for path in ("/text", "/bytes", "/list", "/none", "/tuple", "/response", "/response", "/iterator", "/later",
                 "/file", "/bad"):
        await ask(path, ("Origin", "https://a.example"))
    await ours.close()


EXPECTED = """
/guarded 401 {"error": "log in"} application/json False Basic realm="microhttps", charset="UTF-8" - -
/guarded 401 {"error": "log in"} application/json False Basic realm="microhttps", charset="UTF-8" - -
/guarded 429 come back later text/plain; charset=utf-8 False - 2 -
/session 403 not you text/plain; charset=utf-8 False - 3 -
/text 200 text text/plain; charset=utf-8 True - - https://a.example
/bytes 200 bytes application/octet-stream True - - https://a.example
/list 200 [1] application/json True - - https://a.example
/none 204  None True - - https://a.example
/tuple 201 made text/plain; charset=utf-8 True - 4 https://a.example
/response 200 the same each time text/plain; charset=utf-8 True - 1 https://a.example
/response 200 the same each time text/plain; charset=utf-8 True - 1 https://a.example
/iterator 200 one two text/x True - - https://a.example
/later 200 later text/plain; charset=utf-8 True - - https://a.example
/file 200 True application/x-x509-ca-cert True - - https://a.example
/bad 500 500 Internal Server Error text/plain; charset=utf-8 False - - -
"""
