"""Who gets no WebSocket, and why: wrong requests, strange origins, hooks that say no; and what a client believes."""

from harness.by_hand import read_head
from microhttps import connect

GOOD = (("Host", "%s"), ("Upgrade", "websocket"), ("Connection", "keep-alive, Upgrade"),
        ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="))
WRONG = (
    ("right", {}),
    ("in other cases", {"Upgrade": "WebSocket", "Connection": "UPGRADE"}),
    ("no upgrade", {"Upgrade": None}),
    ("another upgrade", {"Upgrade": "h2c"}),
    ("connection without upgrade", {"Connection": "keep-alive"}),
    ("no version", {"Sec-WebSocket-Version": None}),
    ("version 8", {"Sec-WebSocket-Version": "8"}),
    ("no key", {"Sec-WebSocket-Key": None}),
    ("short key", {"Sec-WebSocket-Key": "c2hvcnQ="}),
    ("key that is no base64", {"Sec-WebSocket-Key": "?" * 24}),
    ("own origin", {"Origin": "%s"}),
    ("own origin, other case", {"Origin": "HTTPS://LOCALHOST:%d"}),
    ("strange origin", {"Origin": "https://evil.example"}),
    ("no origin to tell", {"Origin": "null"}),
    ("own origin, without TLS", {"Origin": "http://localhost:%d"}),
)


def make_server(play):
    # Hears of the hook that fails.
    server = play.server(on_event=lambda name, facts: None, max_open_sockets=8, max_sockets_per_address=8)

    async def ask(request):
        if request.query.get("token") != "valid":
            return {"error": "no token"}, 401

    def fail(request):
        raise ValueError("on purpose")

    async def chat(socket):
        await socket.send("welcome")

    server.websocket("/")(chat)
    server.websocket("/anybody", origins="*")(chat)
    server.websocket("/friends", origins=("https://friend.example",))(chat)
    server.websocket("/token", before=ask)(chat)
    server.websocket("/broken", before=fail)(chat)

    @server.get("/page")
    def page(request):
        return "a page"

    @server.get("/liar")
    def liar(request):
        return b"", 200, (("Upgrade", "websocket"), ("Connection", "Upgrade"))

    return server


async def client(play):
    for name, changes in WRONG:
        play.say(name + ":", *await shake_hands(play, "/", changes))
    play.say("anybody:", *await shake_hands(play, "/anybody", {"Origin": "https://evil.example"}))
    play.say("friend:", *await shake_hands(play, "/friends", {"Origin": "https://friend.example"}))
    play.say("no friend:", *await shake_hands(play, "/friends", {"Origin": "%s"}))
    play.say("HTTP/1.0:", *await shake_hands(play, "/", {}, "GET / HTTP/1.0"))
    play.say("POST:", *await shake_hands(play, "/", {}, "POST / HTTP/1.1"))
    ours = play.client()
    play.say("plain GET:", (await ours.get(play.url("/"))).status)
    for path in ("/token", "/token?token=valid", "/broken", "/page", "/liar", "/nowhere"):
        play.say(path, await outcome(ours, play.url(path, scheme="wss")))
    play.say(await play.code_of(ours.websocket(play.url("/"))))
    play.say(await play.code_of(ours.websocket(play.url("/", scheme="wss"), headers=(("Sec-WebSocket-Key", "x"),))))
    await ours.close()


async def outcome(ours, url):
    from microhttps import PeerError

    try:
        socket = await ours.websocket(url)
    except PeerError as error:
        return error.code, error.status
    message = await socket.receive()
    await socket.close()
    return message, socket.close_code


async def shake_hands(play, path, changes, line=None):
    """(status, what else the head says) of a handshake made by hand."""
    stream = await connect("localhost", play.port, trust=play.trust())
    fields = [(name, changes.get(name, value)) for name, value in GOOD]
    fields += [(name, changes[name]) for name in changes if name not in dict(GOOD)]
    lines = [line or "GET %s HTTP/1.1" % path]
    for name, value in fields:
        if value is not None:
            if value == "%s":
                value = ("https://" if name == "Origin" else "") + "localhost:%d" % play.port
            elif "%d" in value:
                value = value % play.port
            lines.append(name + ": " + value)
    await stream.write("\r\n".join(lines + ["", ""]).encode())
    status, found = await read_head(stream)
    await stream.close()
    return [status] + [found[name] for name in ("sec-websocket-accept", "sec-websocket-version", "upgrade")
                       if name in found]



EXPECTED = """
right: 101 s3pPLMBiTxaQ9kYGzzhZRbK+xOo= websocket
in other cases: 101 s3pPLMBiTxaQ9kYGzzhZRbK+xOo= websocket
no upgrade: 426 websocket
another upgrade: 426 websocket
connection without upgrade: 426 websocket
no version: 400
version 8: 426 13 websocket
no key: 400
short key: 400
key that is no base64: 400
own origin: 101 s3pPLMBiTxaQ9kYGzzhZRbK+xOo= websocket
own origin, other case: 101 s3pPLMBiTxaQ9kYGzzhZRbK+xOo= websocket
strange origin: 403
no origin to tell: 403
own origin, without TLS: 403
anybody: 101 s3pPLMBiTxaQ9kYGzzhZRbK+xOo= websocket
friend: 101 s3pPLMBiTxaQ9kYGzzhZRbK+xOo= websocket
no friend: 403
HTTP/1.0: 426 websocket
POST: 405
plain GET: 426
/token ('websocket_refused', 401)
/token?token=valid ('welcome', 1000)
/broken ('websocket_refused', 500)
/page ('websocket_refused', 200)
/liar ('websocket_refused', 200)
/nowhere ('websocket_refused', 404)
bad_url
bad_header_name
"""
