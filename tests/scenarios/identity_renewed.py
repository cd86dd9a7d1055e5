"""A certificate that is replaced on disk is taken up by new handshakes; connections that stand go on as they are.

What is half-written, expired or does not fit together leaves the old one in its place and is told once.
"""

import asyncio
import hashlib

from harness.by_hand import read_answer
from microhttps import Identity, MicrohttpsError, Trust, connect

BAD = ("garbage", "cut", "expired", "mismatch", "rsa's certificate alone")


def make_server(play):
    own = play.path("renewed-%d" % play.port)
    heard = {"faults": [], "renewed": 0}

    def on_event(name, facts):
        if name == "fault":
            heard["faults"].append(facts["error"].code)
        elif name == "identity_renewed":
            heard["renewed"] += 1

    replace(play, own, "good", "good")
    identity = Identity(own + ".crt", own + ".key")
    server = play.server(identity=identity, on_event=on_event, identity_check_interval=0.1,
                         max_open_sockets=16, max_sockets_per_address=16, keep_alive_timeout=60,
                         send_timeout=1)

    @server.get("/heard")
    def tell(request):
        return heard

    @server.post("/write/<certificate>/<key>")
    def write(request):
        replace(play, own, request.params["certificate"], request.params["key"])

    @server.post("/reload")
    def reload(request):
        try:
            server.reload_identity()
        except MicrohttpsError as error:
            return error.code
        return "no error"

    return server


def replace(play, own, certificate, key):
    for kind, name in ((".crt", certificate), (".key", key)):
        with open(play.path(name + kind), "rb") as source, open(own + kind, "wb") as target:
            target.write(source.read())


def pinned(play, name):
    with open(play.path(name + ".crt.der"), "rb") as file:
        return Trust.pinned("".join("%02x" % byte for byte in hashlib.sha256(file.read()).digest()))


async def ask(play, method, path, name="good"):
    """(code, text) of one request on a new connection to the server, which must have this certificate."""
    ours = play.client(trust=pinned(play, name))
    try:
        answer = await ours.request(method, play.url(path))
        return "no error", answer.json() if path == "/heard" else answer.text()
    except MicrohttpsError as error:
        return error.code, ""
    finally:
        await ours.close()


async def until_heard(play, name, what, count):
    for _ in range(200):
        heard = (await ask(play, "GET", "/heard", name))[1]
        if heard and (len(heard[what]) if what == "faults" else heard[what]) >= count:
            return heard
        await asyncio.sleep(0.05)
    return "not heard"


async def client(play):
    kept = await connect("localhost", play.port, trust=pinned(play, "good"))
    await kept.write(b"GET /heard HTTP/1.1\r\nHost: localhost\r\n\r\n")
    play.say("a connection:", (await read_answer(kept))[0])
    for count in range(len(BAD)):
        name = BAD[count]
        certificate, key = ("rsa", "good") if "alone" in name else (name, name)
        await ask(play, "POST", "/write/%s/%s" % (certificate, key))
        heard = await until_heard(play, "good", "faults", count + 1)
        play.say(name + ":", heard["faults"][count:], heard["renewed"])
    play.say("at once:", *await ask(play, "POST", "/reload"))
    await ask(play, "POST", "/write/rsa/rsa")
    heard = await until_heard(play, "rsa", "renewed", 1)
    play.say("renewed:", heard["renewed"], len(heard["faults"]))
    play.say("who wants the old one:", (await ask(play, "GET", "/heard"))[0])
    await kept.write(b"POST /write/good/good HTTP/1.1\r\nHost: localhost\r\n\r\n"
                     b"POST /reload HTTP/1.1\r\nHost: localhost\r\n\r\n")
    play.say("the connection that stood:", (await read_answer(kept))[0], (await read_answer(kept))[2])
    await kept.close()
    play.say("and at once:", (await ask(play, "GET", "/heard"))[0], (await ask(play, "GET", "/heard", "rsa"))[0])


EXPECTED = """
a connection: 200
garbage: ['bad_certificate_file'] 0
cut: ['bad_certificate_file'] 0
expired: ['expired'] 0
mismatch: ['key_does_not_match_certificate'] 0
rsa's certificate alone: ['key_does_not_match_certificate'] 0
at once: no error key_does_not_match_certificate
renewed: 1 5
who wants the old one: wrong_pin
the connection that stood: 204 b'no error'
and at once: no error wrong_pin
"""
