"""A part of `play.py`: a site under a public root, and a client that asks it once for each store in its options.

With `by_context` it is asked over the interpreter's own sockets, with a context for other people's code.
"""

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


def blocking_client(play):
    import asyncio

    if play.options.get("by_context"):
        ask_by_context(play, Trust.public(play.path("store.bin")))
    else:
        asyncio.run(client(play))


def ask_by_context(play, trust):
    import socket

    try:
        context = trust.client_context()
    except MicrohttpsError as error:
        play.say(error.code, type(error).__name__)
        context = None
    raw = socket.socket()
    try:
        context = context or trust.client_context(host="localhost", port=play.port)
        raw.connect(socket.getaddrinfo("127.0.0.1", play.port)[0][-1])
        stream = context.wrap_socket(raw, server_hostname="localhost")
        stream.write(b"GET / HTTP/1.0\r\n\r\n")
        answer = b""
        while not answer.endswith(b"here"):
            answer += stream.read(1)
        play.say("here")
        stream.close()
    except (OSError, ValueError, MicrohttpsError) as error:
        play.say("refused", repr(error.code if isinstance(error, MicrohttpsError) else error))
    raw.close()


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
