"""A client with a name and a password, or a token, shows them to our Basic, Digest and Bearer, and to nobody else."""

from microhttps.auth_basic import BasicAuth
from microhttps.auth_bearer import BearerAuth
from microhttps.auth_digest import DigestAuth

HEAP = "4m"


def make_server(play):
    server = play.server()

    def page(request):
        return "for %s %s" % (request.user, request.content.decode())

    server.route("/basic", ("GET", "POST"))(BasicAuth({"ann": "secret", "Zoë": "ü:ß"}, realm="here")(page))
    server.route("/digest", ("GET", "POST"))(DigestAuth({"ann": "secret", 'q"b\\': "x"}, realm="here")(page))
    server.get("/bearer")(BearerAuth(lambda token: "ann" if token == "t-1" else None)(page))

    @server.get("/elsewhere")
    def elsewhere(request):
        return "", 302, (("Location", request.query["to"]),)

    @server.get("/open")
    def seen(request):
        return request.headers.get("authorization", "nothing")

    return server


async def client(play):
    from microhttps.client_auth import Basic, Bearer, Digest

    ours = play.client(max_redirects=5)
    for what, path, auth in (
        ("none", "/basic", None), ("a pair", "/basic", ("ann", "secret")), ("beyond ASCII", "/basic", ("Zoë", "ü:ß")),
        ("wrong", "/basic", Basic("ann", "guess")), ("none", "/bearer", None), ("token", "/bearer", Bearer("t-1")),
        ("wrong token", "/bearer", Bearer("t-2")), ("none", "/digest", None),
        ("digest", "/digest", Digest("ann", "secret")),
        ("odd name", "/digest", Digest('q"b\\', "x")), ("wrong", "/digest", Digest("ann", "guess")),
        ("nobody", "/digest", Digest("bob", "secret")), ("basic for digest", "/digest", ("ann", "secret")),
    ):
        answer = await ours.get(play.url(path), auth=auth)
        play.say(path, what, ":", answer.status, answer.text().strip() if answer.status == 200 else "")
    kept = Digest("ann", "secret")
    for number in range(3):
        answer = await ours.post(play.url("/digest?n=%d" % number), "body %d" % number, auth=kept)
        play.say("kept:", answer.text())
    await kept_to_itself(play, ours)
    await ours.close()


async def kept_to_itself(play, ours):
    from microhttps.client_auth import Basic

    for host in ("localhost", "127.0.0.1"):
        to = play.url("/open", host=host)
        answer = await ours.get(play.url("/elsewhere?to=" + to), auth=("ann", "secret"))
        play.say("redirected to", host, ":", answer.text()[:5])
    in_url = play.url("/basic").replace("://", "://ann:secret@")
    play.say("in the URL:", (await ours.get(in_url)).text())
    play.say("in clear:", await play.code_of(ours.get(play.url("/", scheme="http"), auth=("ann", "secret"))))
    for bad in (("a:b", "c"), ("a\n", "b"), ("a", 7), "text"):
        play.say("bad:", await play.code_of(ours.get(play.url("/"), auth=bad)))
    bold = Basic("ann", "secret", danger_in_clear=True)
    play.say("bold:", await play.code_of(ours.get(play.url_in_clear(), auth=bold)))


EXPECTED = """
/basic none : 401
/basic a pair : 200 for ann
/basic beyond ASCII : 200 for Zoë
/basic wrong : 401
/bearer none : 401
/bearer token : 200 for ann
/bearer wrong token : 401
/digest none : 401
/digest digest : 200 for ann
/digest odd name : 200 for q"b\\
/digest wrong : 401
/digest nobody : 401
/digest basic for digest : 401
kept: for ann body 0
kept: for ann body 1
kept: for ann body 2
redirected to localhost : Basic
redirected to 127.0.0.1 : nothi
in the URL: for ann
in clear: password_in_clear
bad: bad_credentials
bad: bad_credentials
bad: bad_credentials
bad: bad_credentials
bold: refused
"""
