"""Pages behind every kind of authentication, a cookie session, and events; for clients that are not ours."""

import asyncio

from microhttps.auth import AnyOf
from microhttps.auth_basic import BasicAuth
from microhttps.auth_bearer import BearerAuth
from microhttps.auth_digest import DigestAuth
from microhttps.cookie_sessions import CookieSessions
from microhttps.sse import EventStream


def make_server(play):
    server = play.server(max_open_sockets=8, max_sockets_per_address=8)
    basic = BasicAuth({"ann": "pä:ss"})
    digest = DigestAuth({"ann": "pä:ss"})
    bearer = BearerAuth({"token-1": "ann"})
    sessions = CookieSessions("a secret of this test, long enough")

    def greet(request):
        return "hello " + request.user

    async def count(request):
        return "%d bytes from %s" % (len(await request.read()), request.user)

    server.get("/basic")(basic(greet))
    server.get("/digest")(digest(greet))
    server.post("/digest")(digest(count))
    server.get("/hashed")(DigestAuth({"ann": "secret"}, realm="hidden", userhash=True)(greet))
    server.get("/bearer")(bearer(greet))
    server.get("/any")(AnyOf(basic, digest, bearer)(greet))

    @server.get("/count")
    @sessions
    def visits(request):
        mine = sessions.of(request)
        mine["visits"] = mine.get("visits", 0) + 1
        return str(mine["visits"])

    @server.get("/events")
    async def events(request):
        return EventStream(tell)

    async def tell(stream):
        for number in range(3):
            await stream.send("event %d" % number, id=number)
            await asyncio.sleep(0.01)


    return server
