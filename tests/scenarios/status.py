"""What a server is doing, as JSON behind a password: who is connected, what was answered; and one of them closed."""

from microhttps import Server, UsageError
from microhttps.status import Status

PASSWORD = "a password of the scenario"


def make_server(play):
    server = play.server()
    try:
        Status(Server(identity=play.identity()))
    except UsageError as error:
        play.say(error.code)
    server.mount("/status", Status(server, users={"admin": PASSWORD}, can_close=True))

    @server.get("/")
    def page(request):
        return "page"

    return server


async def client(play):
    asker, other = play.client(), play.client()

    async def ask(path, method="GET", auth=("admin", PASSWORD), headers=()):
        answer = await asker.request(method, play.url("/status" + path), auth=auth, headers=headers)
        play.say(method, path.rpartition("/")[0] or path, answer.status)
        return answer

    await ask("/now", auth=None)
    await ask("/now", auth=("admin", "a guess"))
    page = await ask("", headers=(("Accept-Encoding", "gzip"),))
    play.say(page.headers["Content-Type"], page.headers["Content-Security-Policy"])
    await other.get(play.url())
    now = (await ask("/now")).json()
    play.say(now["requests"]["total"], [now["requests"]["answers"][kind] for kind in ("2xx", "3xx", "4xx", "5xx")])
    play.say(now["handshakes"]["done"], now["handshakes"]["failed"], now["failures"], now["can_close"])
    play.say(now["pool"]["open"], now["pool"]["waiting"], now["pool"]["refused"], now["pool"]["purged"])
    for session in sorted(now["sessions"], key=lambda session: not session["own"]):
        play.say(session["own"], session["state"], session["requests"], session["address"], session["resumed"],
                 session["version"], session["received"] > 0)
    certificate = now["certificates"][0]
    play.say(certificate["for"], certificate["names"], certificate["issuer"], certificate["days_left"] in (89, 90))
    for session in now["sessions"]:
        if not session["own"]:
            path = "/close/%s/%d" % (session["address"], session["port"])
            await ask(path, "POST", headers=(("Sec-Fetch-Site", "cross-site"),))
            await ask(path, "POST", auth=None)
            await ask(path, "POST")
            await ask(path, "POST")
    play.say(len((await ask("/now")).json()["sessions"]))
    await asker.close()
    await other.close()


EXPECTED = """
GET /now 401
GET /now 401
GET  200
text/html; charset=utf-8 frame-ancestors 'none'; base-uri 'none'; form-action 'none'
GET /now 200
4 [2, 0, 2, 0]
2 0 [] True
2 False 0 0
True request 4 127.0.0.1 False TLSv1.3 True
False idle 1 127.0.0.1 False TLSv1.3 True
None ['localhost', '127.0.0.1', '::1'] microhttps tests True
POST /close/127.0.0.1 403
POST /close/127.0.0.1 401
POST /close/127.0.0.1 204
POST /close/127.0.0.1 404
GET /now 200
1
"""

EXPECTED_OF_SERVER = ""  # what it says before it is ready is read with that
