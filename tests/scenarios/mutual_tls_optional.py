"""Where certificates are optional, who shows none is served as nobody, and who shows a bad one is refused all the same.

Mbed TLS would go on over a bad one and tell nobody (see engines/micropython/optional).
"""

BAD = ("client-expired", "client-not-yet-valid", "client-unknown", "client-self-signed", "client-forged",
       "client-forged-chain", "good")


def make_server(play):
    server = play.server(trust=play.trust("ca"), client_certificate="optional")

    @server.on_session
    def on_session(session, state, error):
        if state == "error":
            play.say("refused", error.code, session.tls and session.tls.peer_certificate)

    @server.get("/")
    def page(request):
        tls = request.session.tls
        return {"names": tls.peer_names, "print": tls.fingerprint and len(tls.fingerprint)}

    @server.get("/alice", client_certificate="alice.example")
    def alice(request):
        return "welcome"

    return server


async def client(play):
    for name in (None, "client", "client-chain", "client-other"):
        ours = play.client(identity=play.identity(name)) if name else play.client()
        said = (await ours.get(play.url())).json()
        answer = await ours.get(play.url("/alice"))
        play.say(name, said["names"], said["print"], answer.status)
        await ours.close()
    for name in BAD:
        ours = play.client(identity=play.identity(name))
        code = await play.code_of(ours.get(play.url()))
        play.say(name, "refused" if code in ("handshake_refused", "handshake_failed", "reset") else code)
        await ours.close()


EXPECTED = """
None [] None 403
client ['alice.example'] 64 200
client-chain ['alice.example'] 64 200
client-other ['bob'] 64 403
client-expired refused
client-not-yet-valid refused
client-unknown refused
client-self-signed refused
client-forged refused
client-forged-chain refused
good refused
"""

EXPECTED_OF_SERVER = """
refused expired None
refused not_yet_valid None
refused untrusted_issuer None
refused self_signed None
refused untrusted_issuer None
refused untrusted_issuer None
refused wrong_usage None
"""
