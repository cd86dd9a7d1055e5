"""Cookies: kept, sent back where they belong, forgotten when told; what breaks a rule is not kept."""

from microhttps import Response

GIVEN = (
    ("plain", "a=1"), ("quoted", 'b="2 3"'), ("path", "c=3; Path=/deep"), ("other path", "d=4; Path=/elsewhere"),
    ("secure", "__Host-e=5; Secure; Path=/"), ("prefix broken", "__Host-f=6; Secure"),
    ("another's", "g=7; Domain=example.org"), ("a whole top", "h=8; Domain=org"), ("nameless", "=9"),
    ("no pair", "nothing"), ("short-lived", "i=10; Max-Age=1000"), ("ended", "j=11; Max-Age=0"),
    ("long ended", "k=12; Expires=Wed, 21 Oct 2015 07:28:00 GMT"), ("too long", "l=" + "x" * 5000),
    ("changed", "a=one"), ("ended later", "i=; Max-Age=-1"),
)


def make_server(play):
    server = play.server(max_header_length=8192)

    @server.get("/<int:number>")
    def set_one(request):
        return Response("", headers=(("Set-Cookie", GIVEN[request.params["number"]][1]),))

    @server.get("/many")
    def many(request):
        return Response.redirect("/", 302) if "z" in request.query else Response(
            "", 302, (("Location", "/many?z"), ("Set-Cookie", "one=1"), ("Set-Cookie", "two=2; Path=/many")))

    @server.get("/<path:rest>")
    def seen(request):
        return request.headers.get("cookie", "-")

    return server


async def client(play):
    ours = play.client(max_header_length=8192, keep_cookies=True, max_redirects=5)
    for number in range(len(GIVEN)):
        what = GIVEN[number][0]
        await ours.get(play.url("/%d" % number))
        play.say(what, ":", (await ours.get(play.url("/x"))).text())
    play.say("deep:", (await ours.get(play.url("/deep/er"))).text())
    play.say("not as deep:", (await ours.get(play.url("/deeper"))).text())
    play.say("another host:", (await ours.get(play.url("/x", host="127.0.0.1"))).text())
    play.say("our own go first:", (await ours.get(play.url("/x"), (("Cookie", "own=1"),))).text())
    ours.cookies.clear()
    play.say("cleared:", (await ours.get(play.url("/x"))).text())
    answer = await ours.get(play.url("/many"))
    play.say("set on the way:", answer.text(), len(ours.cookies))
    await ours.close()
    ours = play.client()
    await ours.get(play.url("/0"))
    play.say("not kept:", (await ours.get(play.url("/x"))).text(), ours.cookies)
    await ours.close()


EXPECTED = """
plain : a=1
quoted : a=1; b="2 3"
path : a=1; b="2 3"
other path : a=1; b="2 3"
secure : a=1; b="2 3"; __Host-e=5
prefix broken : a=1; b="2 3"; __Host-e=5
another's : a=1; b="2 3"; __Host-e=5
a whole top : a=1; b="2 3"; __Host-e=5
nameless : a=1; b="2 3"; __Host-e=5
no pair : a=1; b="2 3"; __Host-e=5
short-lived : a=1; b="2 3"; __Host-e=5; i=10
ended : a=1; b="2 3"; __Host-e=5; i=10
long ended : a=1; b="2 3"; __Host-e=5; i=10
too long : a=1; b="2 3"; __Host-e=5; i=10
changed : b="2 3"; __Host-e=5; i=10; a=one
ended later : b="2 3"; __Host-e=5; a=one
deep: c=3; b="2 3"; __Host-e=5; a=one
not as deep: b="2 3"; __Host-e=5; a=one
another host: -
our own go first: own=1
cleared: -
set on the way: one=1 2
not kept: - None
"""
