"""Authorities in every form that files have, one or several; and what is none, or is no pair, is named."""

from microhttps import Client, Identity, Trust


def make_server(play):
    server = play.server()

    @server.get("/")
    def page(request):
        return "here"

    return server


async def client(play):
    def read(name):
        with open(play.path(name), "rb") as file:
            return file.read()

    ca, der, stranger, key = read("ca.crt"), read("ca.crt.der"), read("stranger-ca.crt"), read("good.key")
    for what, sources in (
        ("a path", (play.path("ca.crt"),)), ("DER", (der,)), ("DER, a path", (play.path("ca.crt.der"),)),
        ("several in one", (stranger + ca,)), ("several", (stranger, der)),
        ("text around", (b"hello\n" + ca + b"bye\n",)),
        ("as Windows has it", (b"\xef\xbb\xbf" + ca.replace(b"\n", b"\r\n"),)), ("beside its key", (key + ca,)),
        ("bytes beyond ASCII behind it", (ca + der,)), ("another's", (stranger,)), ("a site's", (read("unknown.crt"),)),
        ("nothing", (b"",)), ("a key", (key,)), ("half", (ca[:200],)), ("half in DER", (der[:200],)),
        ("one good, one bad", (ca, b"none")), ("a folder", (play.path(""),)), ("no file", ("nowhere.crt",)),
        ("PEM as text", (ca.decode(),)),
    ):
        play.say(what, ":", await outcome(play, Client(trust=Trust.load(*sources))))
    for certificate, other in (("client.crt", "client.key"), ("client.crt", "good.key"), ("client.crt", "rsa.key"),
                               ("client.crt", "client.crt"), ("client.crt.der", "client.key.der")):
        ours = Client(trust=play.trust(), identity=Identity(play.path(certificate), play.path(other)))
        play.say(certificate, "with", other, ":", await outcome(play, ours))
    await keys_are_not_shown(play, read("client.crt").decode(), key.decode())


async def outcome(play, ours):
    code = await play.code_of(ours.get(play.url()))
    await ours.close()
    return code


async def keys_are_not_shown(play, certificate, key):
    from microhttps import UsageError

    ours = Client(trust=play.trust(), identity=Identity(certificate.encode(), key))
    try:
        await ours.get(play.url())
    except UsageError as error:
        play.say("a key as text:", error.code, key[40:60] in repr(error.facts) + str(error) + str(error.cause))
    await ours.close()


EXPECTED = """
a path : no error
DER : no error
DER, a path : no error
several in one : no error
several : no error
text around : no error
as Windows has it : no error
beside its key : no error
bytes beyond ASCII behind it : no error
another's : untrusted_issuer
a site's : untrusted_issuer
nothing : bad_certificate_file
a key : bad_certificate_file
half : bad_certificate_file
half in DER : bad_certificate_file
one good, one bad : bad_certificate_file
a folder : bad_certificate_file
no file : bad_certificate_file
PEM as text : bad_certificate_file
client.crt with client.key : no error
client.crt with good.key : key_does_not_match_certificate
client.crt with rsa.key : key_does_not_match_certificate
client.crt with client.crt : bad_certificate_file
client.crt.der with client.key.der : no error
a key as text: bad_certificate_file False
"""
