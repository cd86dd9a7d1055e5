"""A server whose key is sealed with a secret of the device, and is renewed while it runs; a client with one, too."""

import hashlib
from binascii import hexlify

from microhttps import Client, Identity, MicrohttpsError, Trust
from microhttps.sealing import seal

SECRET = b"\x24\x0a\xc4\x00\x01\x10"  # as machine.unique_id() gives one


def read(name):
    with open(name, "rb") as file:
        return file.read()


def write(name, data):
    with open(name, "wb") as file:
        file.write(data)


def secret():
    return SECRET


def sealed_key(play, name):
    return seal(read(play.path(name + ".key.der")), secret, 50)


def make_server(play):
    crt, key = play.path("sealed-%d.crt" % play.port), play.path("sealed-%d.key" % play.port)

    def place(name):
        write(crt, read(play.path(name + ".crt")))
        write(key, sealed_key(play, name))

    place("good")
    server = play.server(identity=Identity(crt, key, sealed=secret), trust=play.trust(),
                         on_event=lambda name, facts: None)

    @server.get("/")
    def page(request):
        return request.session.tls.peer_names[0]

    @server.post("/renew/<name>")
    def renew(request):
        place(request.params["name"])
        server.reload_identity()
        return "renewed"

    @server.post("/spoil")
    def spoil(request):
        write(key, read(key)[:-1])
        try:
            server.reload_identity()
        except MicrohttpsError as error:
            return error.code

    return server


def trust(play, name):
    return Trust.pinned(hexlify(hashlib.sha256(read(play.path(name + ".crt.der"))).digest()).decode())


async def client(play):
    identity = Identity(play.path("client.crt"), sealed_key(play, "client"), sealed=SECRET)
    for method, path, name in (("GET", "/", "good"), ("POST", "/renew/rsa", "good"), ("GET", "/", "rsa"),
                               ("POST", "/spoil", "rsa"), ("GET", "/", "rsa"), ("GET", "/", "good")):
        ours = Client(trust=trust(play, name), identity=identity)
        try:
            answer = await ours.request(method, play.url(path))
            play.say(method, path, name, answer.text())
        except MicrohttpsError as error:
            play.say(method, path, name, error.code)
        await ours.close()
    tell_faults(play)


def tell_faults(play):
    good, key = play.path("good.crt"), sealed_key(play, "good")
    for what, identity in (
        ("right", Identity(good, key, sealed=SECRET)),
        ("another secret", Identity(good, key, sealed=b"\x24\x0a\xc4\x00\x01\x11")),
        ("no secret", Identity(good, key)),
        ("cut", Identity(good, key[:-1], sealed=SECRET)),
        ("changed", Identity(good, key[:50] + bytes((key[50] ^ 1,)) + key[51:], sealed=SECRET)),
        ("never sealed", Identity(good, play.path("good.key"), sealed=SECRET)),
        ("another key", Identity(good, sealed_key(play, "client"), sealed=SECRET)),
    ):
        try:
            identity.check()
            play.say(what, "no error")
        except MicrohttpsError as error:
            play.say(what, error.code, str(error.facts.get("file", "")).endswith("good.key"))


EXPECTED = """
GET / good alice.example
POST /renew/rsa good renewed
GET / rsa alice.example
POST /spoil rsa sealed_key_damaged
GET / rsa alice.example
GET / good wrong_pin
right no error
another secret wrong_secret False
no secret key_is_sealed False
cut sealed_key_damaged False
changed sealed_key_damaged False
never sealed not_sealed True
another key key_does_not_match_certificate False
"""
