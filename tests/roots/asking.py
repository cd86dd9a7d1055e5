"""A part of `play.py`: a site under a public root, and a client that asks it once for each store in its options."""

from microhttps import Client, MicrohttpsError, Trust


def make_server(play):
    identity = play.identity()
    identity.check = lambda: None  # a bad certificate is what some of these sites are for
    server = play.server(identity=identity)
    if play.options.get("tells"):

        @server.on_session
        def on_session(session, state, error):
            if state == "error":
                play.say(error.code)

    @server.get("/")
    def page(request):
        return "here"

    return server


async def client(play):
    memory = play.options.get("memory")
    for store in play.options.get("stores", ["store.bin"]):
        also = play.options.get("also")
        trust = Trust.public(play.path(store), play.path(memory) if memory else None, also.encode() if also else ())
        for _ in range(play.options.get("times", 1)):
            client = Client(trust=trust)
            try:
                play.say((await client.get(play.url())).text())
            except MicrohttpsError as error:
                play.say(error.code, type(error).__name__)
            await client.close()
