"""What came over https is not replaced, hidden, or read by whoever speaks plain http in the name of the same host."""

from microhttps import Response

GIVEN = {"sid": "sid=good; Path=/; Secure", "deep": "deep=good; Path=/a; Secure", "open": "open=good; Path=/",
         "evil": "sid=evil; Path=/", "evil-below": "sid=evil; Path=/a", "evil-above": "deep=evil; Path=/",
         "evil-domain": "sid=evil; Path=/; Domain=localhost", "change": "open=changed; Path=/",
         "prefix": "__HOST-x=evil; Path=/a", "secure": "new=evil; Secure", "own": "own=1; Path=/"}


def make_pages(server):
    @server.get("/set/<name>")
    def set_one(request):
        return Response("", headers=(("Set-Cookie", GIVEN[request.params["name"]]),))

    @server.get("/a/seen")
    def seen(request):
        return request.headers.get("cookie", "-")

    return server


def make_server(play):
    return make_pages(play.server())


async def client(play):
    plain = make_pages(play.server_in_clear())
    await plain.start()
    ours = play.client(keep_cookies=True)
    for name in ("sid", "deep", "open"):
        await ours.get(play.url("/set/" + name))
    for name in ("evil", "evil-below", "evil-above", "evil-domain", "prefix", "secure", "change", "own"):
        await ours.get(play.url_in_clear("/set/" + name))
        play.say(name, ":", (await ours.get(play.url("/a/seen"))).text())
    play.say("in clear:", (await ours.get(play.url_in_clear("/a/seen"))).text())
    await ours.close()
    await plain.stop()


EXPECTED = """
evil : deep=good; sid=good; open=good
evil-below : deep=good; sid=good; open=good
evil-above : deep=good; sid=good; open=good; deep=evil
evil-domain : deep=good; sid=good; open=good; deep=evil
prefix : deep=good; sid=good; open=good; deep=evil
secure : deep=good; sid=good; open=good; deep=evil
change : deep=good; sid=good; deep=evil; open=changed
own : deep=good; sid=good; deep=evil; open=changed; own=1
in clear: deep=evil; open=changed; own=1
"""
