"""A device with a certificate it signed itself, and a client that was given exactly that certificate."""

from microhttps import Client, Trust

OPTIONS = {"certificate": "self-signed"}


def make_server(play):
    server = play.server(on_event=lambda name, facts: None)

    @server.get("/")
    def page(request):
        return "page"

    return server


async def client(play):
    for name, trust in (("itself", play.trust("self-signed")), ("another", play.trust("ca")),
                        ("anyone", Trust.danger_anyone())):
        ours = Client(trust=trust)
        play.say(name + ":", await play.code_of(ours.get(play.url())))
        await ours.close()


EXPECTED = """
itself: no error
another: self_signed
anyone: no error
"""
