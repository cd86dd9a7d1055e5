"""A server with a trust asks for certificates: who shows a good one is known by it, who does not is told why not."""

from microhttps import Client


def make_server(play):
    server = play.server(trust=play.trust("ca"))

    @server.on_session
    def on_session(session, state, error):
        if state == "error":
            play.say("refused", error.code)
        elif state == "open":
            play.say("open", session.tls.peer_names)

    @server.get("/")
    def page(request):
        tls = request.session.tls
        return {"names": tls.peer_names, "common_name": tls.peer_common_name, "print": tls.fingerprint,
                "length": len(tls.peer_certificate), "resumed": tls.resumed}

    return server


async def client(play):
    for name in ("client", "client-chain", "client-other"):
        ours = play.client(identity=play.identity(name))
        for _ in range(2):  # the second over the same connection
            said = (await ours.get(play.url())).json()
        is_ours = said["print"] == fingerprint(play, name) and said["length"] == length(play, name)
        play.say(name, said["names"], said["common_name"], is_ours, said["resumed"])
        await ours.close()
    for name in (None, "client-expired", "client-not-yet-valid", "client-unknown", "client-self-signed",
                 "client-forged", "client-forged-chain", "good"):
        ours = play.client(identity=play.identity(name)) if name else Client(trust=play.trust())
        code = await play.code_of(ours.get(play.url()))
        # Mbed TLS 3.6 sends alerts under keys that its peer has put away (ssl_tls13_generic.c): why cannot be read.
        play.say(name, "refused" if code in ("handshake_refused", "handshake_failed") else code)
        await ours.close()


def certificate(play, name):
    with open(play.path(name + ".crt.der"), "rb") as file:
        return file.read()


def length(play, name):
    return len(certificate(play, name))


def fingerprint(play, name):
    import hashlib

    return "".join("%02x" % byte for byte in hashlib.sha256(certificate(play, name)).digest())


EXPECTED = """
client ['alice.example'] alice True False
client-chain ['alice.example'] alice True False
client-other ['bob'] bob True False
None refused
client-expired refused
client-not-yet-valid refused
client-unknown refused
client-self-signed refused
client-forged refused
client-forged-chain refused
good refused
"""

EXPECTED_OF_SERVER = """
open ['alice.example']
open ['alice.example']
open ['bob']
refused no_client_certificate
refused expired
refused not_yet_valid
refused untrusted_issuer
refused self_signed
refused untrusted_issuer
refused untrusted_issuer
refused wrong_usage
"""
