"""A rule of a route says whose client certificate may ask: anyone's, by name, by fingerprint, by a function's word."""

from microhttps import MicrohttpsError, Server, UsageError
from microhttps.groups import Group

ALICE, BOB = "alice.example", "bob"


def make_server(play):
    server = play.server(trust=play.trust("ca"), on_event=lambda name, facts: None)
    alice = fingerprint(play, "client")
    for name, rule in (("anyone", True), ("alice", ALICE), ("bob", "BOB"), ("either", (ALICE, BOB)),
                       ("print", alice), ("colons", ":".join([alice[at:at + 2] for at in range(0, 64, 2)]).upper()),
                       ("function", lambda tls: tls.peer_common_name == "alice"), ("later", later)):
        server.get("/" + name, client_certificate=rule)(lambda request: "welcome")

    group = Group()

    @group.get("/grouped", client_certificate=ALICE)
    def grouped(request):
        return "welcome"

    server.mount("/in", group)
    server.get("/replaced")(lambda request: "open to all")
    server.replace("/replaced", client_certificate=ALICE)(lambda request: "welcome")

    @server.websocket("/chat", client_certificate=ALICE)
    async def chat(socket):
        await socket.send("welcome")

    @server.post("/upload", client_certificate=ALICE)
    async def upload(request):
        return str(len(await request.read()))

    @server.get("/plain")
    def plain(request):
        return "everybody"

    return server


def fingerprint(play, name):
    import hashlib

    with open(play.path(name + ".crt.der"), "rb") as file:
        return "".join("%02x" % byte for byte in hashlib.sha256(file.read()).digest())


async def later(tls):
    return tls.peer_common_name == "alice"


async def client(play):
    for name in ("client", "client-other"):
        ours = play.client(identity=play.identity(name))
        may = []
        for path in ("anyone", "alice", "bob", "either", "print", "colons", "function", "later", "in/grouped",
                     "replaced", "plain"):
            answer = await ours.get(play.url("/" + path))
            if answer.status == 200:
                may.append(path)
        play.say(name, *may)
        answer = await ours.get(play.url("/alice"))
        play.say(answer.status, answer.text().strip())
        answer = await ours.post(play.url("/upload"), body=b"x" * 3000)
        play.say(answer.status, answer.text().strip())
        try:
            socket = await ours.websocket(play.url("/chat", scheme="wss"))
            play.say("chat", await socket.receive())
            await socket.close()
        except MicrohttpsError as error:
            play.say("chat", error.code)
        await ours.close()
    tell_what_is_refused(play)


def tell_what_is_refused(play):
    """A rule that could never let anybody pass is refused where it stands, not when somebody asks."""
    identity = play.identity()
    for name, server, rule in (("no trust", Server(identity), True),
                               ("insecure", Server(transport="insecure", trust=play.trust()), True),
                               ("nothing", Server(identity, play.trust()), ()),
                               ("a number", Server(identity, play.trust()), 7),
                               ("an empty name", Server(identity, play.trust()), ("",))):
        try:
            server.get("/", client_certificate=rule)(lambda request: "")
            play.say(name, "taken")
        except UsageError as error:
            play.say(name, error.code)
    try:
        Server(identity).get("/", nonsense=True)(lambda request: "")
    except UsageError as error:
        play.say("another rule", error.code)


EXPECTED = """
client anyone alice either print colons function later in/grouped replaced plain
200 welcome
200 3000
chat welcome
client-other anyone bob either plain
403 403 Forbidden: this page is not for the holder of this client certificate
403 403 Forbidden: this page is not for the holder of this client certificate
chat websocket_refused
no trust no_client_trust
insecure no_client_trust
nothing bad_rule
a number bad_rule
an empty name bad_rule
another rule unknown_setting
"""
