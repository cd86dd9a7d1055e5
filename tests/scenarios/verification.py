"""A client verifies by default: it takes the authority it was given, and nothing else."""

from microhttps import Client, Trust


def make_server(play):
    server = play.server(on_event=lambda name, facts: None)

    @server.get("/")
    def page(request):
        return "page"

    return server


async def client(play):
    for name, trust in (("our authority", play.trust("ca")), ("a stranger's", play.trust("stranger-ca")),
                        ("two authorities", Trust.load(play.path("stranger-ca.crt"), play.path("ca.crt"))),
                        ("DER", Trust.load(play.path("ca.crt.der"))),
                        ("bytes", Trust.load(read(play.path("ca.crt")))),
                        ("the certificate itself", play.trust("good")),  # that is what pins are for
                        ("anyone", Trust.danger_anyone())):
        ours = Client(trust=trust)
        play.say(name + ":", await play.code_of(ours.get(play.url())))
        await ours.close()
    ours = Client()
    code = await play.code_of(ours.get(play.url()))
    play.say("public roots:", "refused" if code in ("untrusted_issuer", "no_root_store") else code)
    await ours.close()


def read(path):
    with open(path, "rb") as file:
        return file.read()


EXPECTED = """
our authority: no error
a stranger's: untrusted_issuer
two authorities: no error
DER: no error
bytes: no error
the certificate itself: untrusted_issuer
anyone: no error
public roots: refused
"""
