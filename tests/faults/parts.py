"""The two parts of every fault: a server with the certificate asked for, and a client that says how it went.

Runs on both interpreters.
"""

import asyncio
import gc

from microhttps import Client, Identity, MicrohttpsError, Server, Trust, connect


class Unchecked(Identity):
    """A certificate that our own server would refuse to start with, shown to a client all the same."""

    def check(self):
        """Nothing is wrong."""


def make_server(play):
    def on_event(name, facts):
        error = facts.get("error")
        if name == "session_error" and play.options.get("explains"):
            tell_why(play, error, "server")
        elif name == "session_error" or name == "refused":
            play.say(name, error.code if isinstance(error, MicrohttpsError) else repr(error))

    settings = dict(play.options.get("settings", {}))
    if settings.get("transport") != "insecure":
        name = play.options.get("certificate", "good")
        settings["identity"] = Unchecked(play.path(name + ".crt"), play.path(name + ".key"))
    if "server_trust" in play.options:
        settings["trust"] = play.trust(play.options["server_trust"])
    server = Server(port=play.port, host="127.0.0.1", on_event=on_event, **settings)
    ballast = Ballast()

    @server.get("/")
    def page(request):
        return "page"

    @server.get("/fill/<int:left>")
    async def fill(request):
        """Nobody could be sure to get through with a request to end this."""
        asyncio.create_task(drop_later(play, ballast))
        await asyncio.sleep(0)
        ballast.fill(request.params["left"])
        return "filled"

    return server


def make_checked_server(play):
    """A server that is to say what is wrong with its certificate before it listens."""
    if "files" in play.options:
        certificate, key = play.options["files"]
        identity = Identity(play.path(certificate), play.path(key))
    else:
        identity = play.identity()
    return play.server(identity=identity)


class Ballast:
    """What fills the heap: a chain, because a list would have to grow in one piece."""

    def __init__(self):
        self._chain = None

    def fill(self, left):
        """Take all of the heap but about `left` bytes."""
        kept = bytearray(left)
        chain = self._chain
        for size in (1024, 64, 1):
            try:
                while True:
                    chain = [chain, bytearray(size)]
            except MemoryError:
                pass
        self._chain = chain
        kept = None
        gc.collect()
        return kept

    def drop(self):
        """Give it back, link by link: one forgotten pointer to its end would hold it all."""
        chain = self._chain
        self._chain = None
        while chain:
            link = chain
            chain = link[0]
            link[0] = link[1] = None
        gc.collect()


async def drop_later(play, ballast):
    await asyncio.sleep(1.5)
    ballast.drop()
    play.say("dropped")


async def client(play):
    options = play.options
    if "clock" in options:
        set_clock(options["clock"])
    trust = {"anyone": Trust.danger_anyone, "public": Trust.public}.get(options.get("trust"), play.trust)()
    url = options.get("url") or play.url("/", options.get("host", "localhost"), options.get("scheme", "https"))
    settings = options.get("client_settings", {})
    identity = play.identity(options["shows"]) if "shows" in options else None
    ours = Client(trust=trust, identity=identity, **settings)
    if "fill" in options:
        await fill_and_ask(play, ours, url, options["fill"])
        return
    try:
        await ours.get(url)
        code, kind = "no error", ""
    except MicrohttpsError as error:
        code, kind = error.code, type(error).__name__
        if options.get("explains"):
            tell_why(play, error)
            await ours.close()
            return
    play.say(code, kind)
    await ours.close()
    if options.get("scheme") != "http":
        play.say(await stream_code(play, options, trust, settings))


def tell_why(play, error, role="client"):
    """The three sentences, and what they may not hide: which facts there are."""
    from microhttps.explain import explain

    play.say("facts", *sorted([name for name in error.facts if error.facts[name] is not None]))
    for sentence in explain(error, role):
        play.say(sentence)


async def fill_and_ask(play, ours, url, amounts):
    """What becomes of a request on a heap with so many bytes left, and that the next one with room goes well."""
    play.say(await play.code_of(ours.get(url)))
    await ours.close()
    ballast = Ballast()
    for left in amounts:
        ballast.fill(left)
        try:
            await ours.get(url)
            code = "no error"
        except MicrohttpsError as error:
            code = error.code
        except MemoryError:
            code = "MemoryError"
        ballast.drop()
        await ours.close()
        play.say(left, code)
    play.say(await play.code_of(ours.get(url)))
    await ours.close()


async def stream_code(play, options, trust, settings):
    """The same fault again, met by the bare stream."""
    try:
        stream = await connect(options.get("host", "localhost"), play.port, trust=trust, **settings)
        await stream.write(b"GET / HTTP/1.0\r\n\r\n")
        await stream.read(1)
        await stream.close()
    except MicrohttpsError as error:
        return error.code
    return "no error"


def set_clock(seconds):
    """What a device believes whose clock was never set: the clock is asked in one place."""
    from microhttps.port import system

    system.wall_clock = lambda: seconds
