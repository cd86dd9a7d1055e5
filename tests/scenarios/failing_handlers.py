"""A handler that fails is answered with 500, on the connection it came on; the server lives and says what happened."""

from microhttps import PeerError


def make_server(play):
    def on_event(name, facts):
        if name == "fault":
            play.say(name, type(facts["error"]).__name__, facts["error"].args[0] if facts["error"].args else "")

    server = play.server(on_event=on_event)

    @server.get("/plain")
    def plain(request):
        raise ValueError("plain")

    @server.get("/async")
    async def waits(request):
        raise ValueError("async")

    @server.post("/body")
    def body(request):
        return {}[request.content.decode()]

    @server.get("/nonsense")
    def nonsense(request):
        return 12.5

    @server.get("/header")
    def header(request):
        return "x", 200, (("X-Split", "a\r\nSet-Cookie: evil=1"),)

    @server.get("/status")
    def status(request):
        return "x", 42

    @server.get("/peer")
    def peer(request):
        raise PeerError("bad_query", "this query asks for too much", status=422)

    @server.get("/good")
    def good(request):
        return "requests of this session: %d" % request.session.context.setdefault("count", 1)

    return server


async def client(play):
    ours = play.client()
    for path in ("/plain", "/async", "/nonsense", "/header", "/status", "/peer", "/good"):
        answer = await ours.get(play.url(path))
        play.say(path, answer.status, answer.text().strip(), answer.headers.get("set-cookie"))
    answer = await ours.post(play.url("/body"), body=b"nothing")
    play.say("/body", answer.status, answer.text().strip())
    play.say((await ours.get(play.url("/good"))).text())
    await ours.close()


EXPECTED = """
/plain 500 500 Internal Server Error None
/async 500 500 Internal Server Error None
/nonsense 500 500 Internal Server Error None
/header 500 500 Internal Server Error None
/status 500 500 Internal Server Error None
/peer 422 422 Unprocessable Content None
/good 200 requests of this session: 1 None
/body 500 500 Internal Server Error
requests of this session: 1
"""

EXPECTED_OF_SERVER = """
fault ValueError plain
fault ValueError async
fault UsageError bad_answer
fault UsageError bad_header_value
fault UsageError bad_status
fault KeyError nothing
"""
