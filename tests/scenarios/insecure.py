"""transport="insecure" is the same server over plain TCP, and says so: no certificate, no TLS, `http:` in the URL."""

from microhttps import connect


def make_server(play):
    server = play.server(transport="insecure")

    @server.route("/", ("GET", "POST"))
    def page(request):
        return {"method": request.method, "tls": request.session.tls, "length": len(request.content)}

    return server


async def client(play):
    ours = play.client()
    first = await ours.get(play.url("/", scheme="http"))
    play.say(first.status, first.json()["method"], first.json()["tls"], first.session.tls)
    second = await ours.post(play.url("/", scheme="http"), body=b"x" * 5000)
    play.say(second.status, second.json()["length"], second.session is first.session)
    play.say("https:", await play.code_of(ours.get(play.url("/"))))
    await ours.close()
    play.say("connect:", await play.code_of(connect("localhost", play.port, trust=play.trust())))


EXPECTED = """
200 GET None None
200 5000 True
https: peer_is_not_tls
connect: peer_is_not_tls
"""
