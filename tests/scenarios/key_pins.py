"""A key is pinned as curl writes it, and outlives its certificate; or kept at the first visit, and then no other."""

import hashlib
import os
from binascii import b2a_base64

from microhttps import Client, Trust, UsageError
from microhttps.wire.x509 import certificate_facts

OPTIONS = {"certificate": "self-signed"}


def make_server(play):
    server = play.server(on_event=lambda name, facts: None)
    server.get("/")(lambda request: "here")
    return server


def pin_of(play, name):
    with open(play.path(name + ".crt.der"), "rb") as file:
        spki = certificate_facts(file.read()).spki
    return "sha256//" + b2a_base64(hashlib.sha256(spki).digest()).decode().strip()


async def ask(play, trust):
    ours = Client(trust=trust)
    code = await play.code_of(ours.get(play.url()))
    await ours.close()
    return code


async def client(play):
    good, other = pin_of(play, "self-signed"), pin_of(play, "good")
    play.say("good:", await ask(play, Trust.pinned(good)))
    play.say("wrong:", await ask(play, Trust.pinned(other)))
    play.say("with another for later:", await ask(play, Trust.pinned(other, good)))
    for nonsense in ("sha256//", "sha256//abc", good[:-4], "sha1//" + good[8:], good + ";" + good, "!" + good[8:]):
        try:
            Trust.pinned(nonsense)
        except UsageError as error:
            play.say(error.code)
    await first_use(play, good, other)


async def first_use(play, good, other):
    path = play.options["scratch"]
    for when in ("first", "second"):
        play.say(when, "visit:", await ask(play, Trust.danger_first_use(path)))
    with open(path) as file:
        text = file.read()
    play.say("kept:", good in text, "localhost" in text)
    for content in (text.replace(good, other), "", "[]", "{"):
        with open(path, "w") as file:
            file.write(content)
        play.say("changed:", await ask(play, Trust.danger_first_use(path)))
    os.remove(path)
    play.say("nowhere:", await ask(play, Trust.danger_first_use("/nowhere/known.json")))


EXPECTED = """
good: no error
wrong: wrong_pin
with another for later: no error
bad_pin
bad_pin
bad_pin
bad_pin
bad_pin
bad_pin
first visit: no error
second visit: no error
kept: True True
changed: other_key
changed: bad_known_hosts
changed: bad_known_hosts
changed: bad_known_hosts
nowhere: bad_known_hosts
"""
