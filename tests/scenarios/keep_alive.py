"""One connection carries request after request: the session and its context stay; `Connection: close` ends it."""

from harness.by_hand import is_at_end, read_answer
from microhttps import connect


def make_server(play):
    server = play.server()
    server.context["connections"] = 0

    @server.on_session
    def on_session(session, state, error):
        if state == "open":
            server.context["connections"] += 1
            session.context["number"] = server.context["connections"]
            session.context["requests"] = 0

    @server.route("/count", ("GET", "POST"))
    def count(request):
        context = request.session.context
        context["requests"] += 1
        return "connection %d request %d" % (context["number"], context["requests"])


    return server


async def client(play):
    ours = play.client()
    sessions = []
    for path in ("/count", "/count?again", "/missing", "/count"):
        answer = await ours.get(play.url(path))
        play.say(path, answer.status, answer.text() if answer.status == 200 else "")
        sessions.append(answer.session)
    answer = await ours.post(play.url("/count"), body=b"ignored by a handler that does not ask for it")
    play.say("post", answer.text())
    await ours.head(play.url("/count"))
    play.say("one session:", all(session is sessions[0] for session in sessions))
    answer = await ours.get(play.url("/count"), headers=(("Connection", "close"),))
    play.say("asked to close:", answer.text())
    play.say("another:", (await ours.get(play.url("/count"))).text())
    await ours.close()
    play.say("closed, another:", (await ours.get(play.url("/count"))).text())
    await ours.close()
    await old_clients(play)


async def old_clients(play):
    stream = await connect("localhost", play.port, trust=play.trust())
    for field in ("Connection: keep-alive\r\n", ""):
        await stream.write(("GET /count HTTP/1.0\r\n%s\r\n" % field).encode())
        status, fields, body = await read_answer(stream)
        play.say("HTTP/1.0", status, body, fields.get("connection"))
    play.say("at end:", await is_at_end(stream))
    await stream.close()


EXPECTED = """
/count 200 connection 1 request 1
/count?again 200 connection 1 request 2
/missing 404
/count 200 connection 1 request 3
post connection 1 request 4
one session: True
asked to close: connection 1 request 6
another: connection 2 request 1
closed, another: connection 3 request 1
HTTP/1.0 200 b'connection 4 request 1' keep-alive
HTTP/1.0 200 b'connection 4 request 2' close
at end: True
"""
