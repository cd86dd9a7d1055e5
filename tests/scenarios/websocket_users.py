"""WebSockets behind authentication, a cookie session and a check of the origin: judged before the handshake."""

import binascii

from microhttps import PeerError
from microhttps.auth_basic import BasicAuth
from microhttps.auth_bearer import BearerAuth
from microhttps.cookie_sessions import CookieSessions
from microhttps.csrf import Csrf


def make_server(play):
    server = play.server()
    sessions = CookieSessions("a secret of this test, long enough")

    async def ask_somebody(token):
        return {"name": "ann"} if token == "right" else None

    @server.websocket("/basic")
    @BasicAuth({"ann": "secret"})
    async def greet(socket):
        await socket.send("hello " + socket.request.user)
        async for message in socket:
            await socket.send(message + " from " + socket.request.user)

    @server.websocket("/bearer")
    @BearerAuth(ask_somebody)
    async def look_up(socket):
        await socket.send("hello " + socket.request.user["name"])

    @server.get("/login")
    @sessions
    def login(request):
        sessions.of(request)["user"] = "bob"
        return "welcome"

    @server.websocket("/session")
    @sessions
    @sessions.required()
    @Csrf("a secret of this test, long enough", token=False)
    async def with_session(socket):
        await socket.send("hello " + socket.request.user + sessions.of(socket.request)["user"])

    return server


async def client(play):
    ours = play.client()

    async def talk(path, *headers, say=None):
        try:
            socket = await ours.websocket(play.url(path, scheme="wss"), headers=headers)
        except PeerError as error:
            play.say(path, error.code, error.status)
            return
        play.say(path, await socket.receive())
        if say:
            await socket.send(say)
            play.say(path, await socket.receive())
        await socket.close()

    def basic(pair):
        return "Authorization", "Basic " + binascii.b2a_base64(pair).decode().strip()

    await talk("/basic", basic(b"ann:secret"), say="again")
    await talk("/basic", basic(b"ann:wrong"))
    await talk("/basic")
    await talk("/bearer", ("Authorization", "Bearer right"))
    await talk("/bearer", ("Authorization", "Bearer wrong"))
    answer = await ours.get(play.url("/login"))
    cookie = ("Cookie", answer.headers["set-cookie"].split(";")[0])
    await talk("/session", cookie)
    await talk("/session")
    await talk("/session", ("Cookie", cookie[1] + "x"))
    play.say((await ours.get(play.url("/login"))).text())
    await ours.close()


EXPECTED = """
/basic hello ann
/basic again from ann
/basic websocket_refused 401
/basic websocket_refused 401
/bearer hello ann
/bearer websocket_refused 401
/session hello bobbob
/session websocket_refused 403
/session websocket_refused 403
welcome
"""
