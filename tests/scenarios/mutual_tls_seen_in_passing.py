"""Firmware without `getpeercert` (rp2): a client is seen while it shakes hands, and never taken for another.

The verify callback belongs to the context that all handshakes share, and handshakes take turns.
"""

import asyncio
import sys

NAMES = ("client", "client-other", "client-chain", "client-unknown", None)


class Poor:
    """The TLS object of such firmware: everything but `getpeercert`."""

    def __init__(self, tls):
        for name in ("read", "readinto", "recv", "write", "close", "cipher"):
            if hasattr(tls, name):
                setattr(self, name, getattr(tls, name))


def hide():
    """From now on the server's TLS objects have no `getpeercert`."""
    from microhttps.engines.micropython.mutual import MutualChannel

    whole = MutualChannel._wrap

    def wrap(channel, context):
        whole(channel, context)
        channel._tls = Poor(channel._tls)

    MutualChannel._wrap = wrap


def make_server(play):
    if sys.implementation.name == "micropython":
        hide()
    errors = []

    def on_event(name, facts):
        if name == "session_error":
            errors.append(facts["error"].code)

    server = play.server(trust=play.trust("ca"), max_open_sockets=12, max_sockets_per_address=12, on_event=on_event)

    @server.get("/me")
    def me(request):
        tls = request.session.tls
        return {"names": tls.peer_names, "length": len(tls.peer_certificate)}

    @server.get("/alice", client_certificate="alice.example")
    def alice(request):
        return "welcome"

    @server.get("/errors")
    def all_errors(request):
        return sorted(errors)

    return server


async def client(play):
    for _ in range(3):
        said = await asyncio.gather(*[ask(play, name) for name in NAMES + NAMES])
        play.say(said == said[:5] * 2, *said[:5])
    ours = play.client(identity=play.identity("client"))
    said = (await ours.get(play.url("/errors"))).json()
    play.say(said == ["no_client_certificate"] * 6 + ["untrusted_issuer"] * 6)
    await ours.close()


async def ask(play, name):
    """Whom the server takes this client for, and whether it gets through."""
    ours = play.client(identity=play.identity(name)) if name else play.client()
    code = await play.code_of(ours.get(play.url("/me")))
    if code != "no error":
        return "refused" if code in ("handshake_refused", "handshake_failed") else code
    said = (await ours.get(play.url("/me"))).json()
    answer = await ours.get(play.url("/alice"))
    await ours.close()
    return "%s %s %d" % (said["names"][0], said["length"] == length(play, name), answer.status)


def length(play, name):
    with open(play.path(name + ".crt.der"), "rb") as file:
        return len(file.read())


EXPECTED = """
True alice.example True 200 bob True 403 alice.example True 200 refused refused
True alice.example True 200 bob True 403 alice.example True 200 refused refused
True alice.example True 200 bob True 403 alice.example True 200 refused refused
True
"""
