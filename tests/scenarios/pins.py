"""A pin takes exactly its certificate, whoever issued it and whatever names it carries; one of several is enough."""

import hashlib

from microhttps import Client, Trust, UsageError

OPTIONS = {"certificate": "self-signed"}


def make_server(play):
    server = play.server(on_event=lambda name, facts: None)

    @server.get("/")
    def page(request):
        return "pinned"

    return server


def fingerprint(play, name):
    with open(play.path(name + ".crt.der"), "rb") as file:
        digest = hashlib.sha256(file.read()).digest()
    return "".join("%02x" % byte for byte in digest)


async def client(play):
    good, other = fingerprint(play, "self-signed"), fingerprint(play, "good")
    with_colons = ":".join(good[at:at + 2] for at in range(0, 64, 2)).upper()
    for name, pins in (("good", (good,)), ("wrong", (other,)), ("one of two", (other, good)),
                       ("colons", (with_colons,))):
        ours = Client(trust=Trust.pinned(*pins))
        play.say(name + ":", await play.code_of(ours.get(play.url())))
        await ours.close()
    for nonsense in ("", "abc", good[:-2], good + "00", good + "0", "zz" * 32, b"abc", good.encode(), 7):
        try:
            Trust.pinned(nonsense)
        except UsageError as error:
            play.say(error.code)


EXPECTED = """
good: no error
wrong: wrong_pin
one of two: no error
colons: no error
bad_pin
bad_pin
bad_pin
bad_pin
bad_pin
bad_pin
bad_pin
bad_pin
bad_pin
"""
