"""Basic and Bearer authentication: who may pass, what the others are told, and that no body is read before."""

import asyncio
import binascii

from harness.by_hand import read_answer
from microhttps import connect
from microhttps.auth import AnyOf
from microhttps.auth_basic import BasicAuth
from microhttps.auth_bearer import BearerAuth


def make_server(play):
    server = play.server()
    basic = BasicAuth({"admin": "s3cret:x", "Zoë": "pässwort"}, realm='a "quiet" place')
    bearer = BearerAuth({"token-1": {"name": "ann"}, "token-2": "bob"})
    strict = BasicAuth({"admin": "right"}, max_failures=3)

    async def ask_somebody(name, password):
        await asyncio.sleep(0.01)
        return {"id": 7, "name": name} if password == "p" else None

    async def look_up(token):
        await asyncio.sleep(0.01)
        return token == "t0ken"

    @server.get("/plain")
    @basic
    def plain(request):
        return "plain for " + request.user

    @server.get("/waits")
    @basic
    async def waits(request):
        await asyncio.sleep(0.01)
        return "later for " + request.user

    @server.post("/upload")
    @basic
    def upload(request):
        return "%d bytes from %s" % (len(request.content), request.user)

    @server.get("/asked")
    @BasicAuth(ask_somebody)
    def asked(request):
        return request.user

    @server.get("/token")
    @bearer
    def token(request):
        return {"user": request.user}

    @server.get("/looked-up")
    @BearerAuth(look_up)
    async def looked_up(request):
        return request.user

    @server.get("/either")
    @AnyOf(basic, bearer)
    def either(request):
        return {"user": request.user}

    @server.get("/guessed")
    @strict
    def guessed(request):
        return "right"

    @server.get("/other")
    def other(request):
        return "nobody asked"

    return server


def basic(pair):
    return (("Authorization", "Basic " + binascii.b2a_base64(pair.encode()).decode().strip()),)


def bearer(token):
    return (("Authorization", "Bearer " + token),)


async def client(play):
    ours = play.client()

    async def ask(path, headers=()):
        answer = await ours.get(play.url(path), headers=headers)
        told = [value for name, value in answer.headers if name.lower() == "www-authenticate"]
        play.say(path, answer.status, ascii_of(answer.text().strip()), *told)

    await ask("/other")
    await ask("/plain")
    await ask("/plain", basic("admin:s3cret:x"))
    await ask("/plain", basic("Zoë:pässwort"))
    for pair in ("admin:s3cret", "admin:", "admin", "nobody:s3cret:x", "admin:s3cret:x\n", ":"):
        await ask("/plain", basic(pair))
    await ask("/plain", (("Authorization", "Basic ???"),))
    await ask("/plain", (("Authorization", "Basic /w=="),))
    await ask("/plain", (("Authorization", "bAsIc  " + basic("admin:s3cret:x")[0][1][6:]),))
    await ask("/plain", basic("admin:s3cret:x") + basic("admin:s3cret:x"))
    await ask("/waits", basic("admin:s3cret:x"))
    await ask("/asked", basic("eve:p"))
    await ask("/asked", basic("eve:q"))
    play.say("Bearer")
    for token in ("token-1", "token-2", "token-3", "not a token", ""):
        await ask("/token", bearer(token))
    await ask("/token")
    await ask("/looked-up", bearer("t0ken"))
    await ask("/looked-up", bearer("t1ken"))
    play.say("either")
    await ask("/either", basic("admin:s3cret:x"))
    await ask("/either", bearer("token-2"))
    await ask("/either", bearer("token-3"))
    await ask("/either")
    play.say("guessing")
    for password in ("a", "b", "c", "right"):
        await ask("/guessed", basic("admin:" + password))
    await ours.close()
    await bodies(play)


async def bodies(play):
    """Who is refused is told before the body has come, and need not send it."""
    play.say("bodies")
    stream = await connect("localhost", play.port, trust=play.trust())
    head = "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nExpect: 100-continue\r\n"
    await stream.write((head + "\r\n").encode())
    status, fields, _ = await read_answer(stream)
    play.say(status, fields.get("connection"))
    await stream.close()
    stream = await connect("localhost", play.port, trust=play.trust())
    await stream.write((head + "Authorization: " + basic("admin:s3cret:x")[0][1] + "\r\n\r\n").encode())
    play.say((await stream.readline()).strip())
    await stream.readline()
    await stream.write(b"abcdef")
    status, _, body = await read_answer(stream)
    play.say(status, body)
    await stream.close()


def ascii_of(text):
    return "".join(character if ord(character) < 0x80 else "?" for character in text)


CHALLENGE = 'Basic realm="a \\"quiet\\" place", charset="UTF-8"'

EXPECTED = """
/other 200 nobody asked
/plain 401 401 Unauthorized CHALLENGE
/plain 200 plain for admin
/plain 200 plain for Zo?
/plain 401 401 Unauthorized CHALLENGE
/plain 401 401 Unauthorized CHALLENGE
/plain 401 401 Unauthorized CHALLENGE
/plain 401 401 Unauthorized CHALLENGE
/plain 401 401 Unauthorized CHALLENGE
/plain 401 401 Unauthorized CHALLENGE
/plain 401 401 Unauthorized CHALLENGE
/plain 401 401 Unauthorized CHALLENGE
/plain 200 plain for admin
/plain 401 401 Unauthorized CHALLENGE
/waits 200 later for admin
/asked 200 {"id": 7, "name": "eve"}
/asked 401 401 Unauthorized Basic realm="microhttps", charset="UTF-8"
Bearer
/token 200 {"user": {"name": "ann"}}
/token 200 {"user": "bob"}
/token 401 401 Unauthorized Bearer realm="microhttps", error="invalid_token"
/token 401 401 Unauthorized Bearer realm="microhttps", error="invalid_token"
/token 401 401 Unauthorized Bearer realm="microhttps", error="invalid_token"
/token 401 401 Unauthorized Bearer realm="microhttps"
/looked-up 200 t0ken
/looked-up 401 401 Unauthorized Bearer realm="microhttps", error="invalid_token"
either
/either 200 {"user": "admin"}
/either 200 {"user": "bob"}
/either 401 401 Unauthorized CHALLENGE Bearer realm="microhttps", error="invalid_token"
/either 401 401 Unauthorized CHALLENGE Bearer realm="microhttps"
guessing
/guessed 401 401 Unauthorized Basic realm="microhttps", charset="UTF-8"
/guessed 401 401 Unauthorized Basic realm="microhttps", charset="UTF-8"
/guessed 401 401 Unauthorized Basic realm="microhttps", charset="UTF-8"
/guessed 429 429 Too Many Requests: too many wrong passwords
bodies
401 close
b'HTTP/1.1 100 Continue'
200 b'6 bytes from admin'
""".replace("CHALLENGE", CHALLENGE)
