"""Plays one part of a text on the interpreter it is started with. Runs unchanged on CPython and MicroPython.

    play.py server MODULE PORT FOLDER [OPTIONS]     MODULE.make_server(play), until a line `stop` comes on stdin
    play.py client MODULE PORT FOLDER [OPTIONS]     MODULE.client(play), once

FOLDER holds the certificates, OPTIONS is a file of JSON: among them `settings` (the server's), `client_settings`, and
the `engine` of all that the part makes.
What a part says with `play.say` are the lines of its transcript. Other lines a server understands: `memory` (collect
garbage and tell what is left), `circles` (tell how many objects only the collector frees, and from then on leave it to
this line; CPython), `sessions` (tell how many connections are open), `refused` (tell how many newcomers
were), `quit` (end at once, not gracefully).
"""

import asyncio
import gc
import json
import sys

from microhttps import Identity, MicrohttpsError, Server, Trust


class Play:
    """What a part is given: where it plays, whom it believes, and a voice."""

    def __init__(self, port, folder, options):
        self.port = port
        self.folder = folder
        self.options = options

    def say(self, *words):
        """One line of the transcript."""
        print(*words)

    def path(self, name):
        """The path of a file in the folder of certificates."""
        return self.folder + "/" + name

    def identity(self, name=None, key=None):
        """Who we are: a certificate of the range, `good` unless the options say otherwise."""
        name = name or self.options.get("certificate", "good")
        return Identity(self.path(name + ".crt"), self.path((key or name) + ".key"))

    def trust(self, name=None):
        """Whom we believe: the authority of the range, unless the options say otherwise."""
        return Trust.load(self.path((name or self.options.get("trust", "ca")) + ".crt"))

    def server(self, **settings):
        """A server on the port of this play, with the options' settings on top."""
        settings.update(self.options.get("settings", {}))
        settings.setdefault("host", "127.0.0.1")
        if settings.get("transport") != "insecure" and "identity" not in settings:
            settings["identity"] = self.identity()
        return Server(port=self.port, **settings)

    def server_in_clear(self, **settings):
        """Another server, without TLS, at `url_in_clear`."""
        return Server(transport="insecure", host="127.0.0.1", port=self.options["spare_port"], **settings)

    def url_in_clear(self, path="/", scheme="http"):
        """A URL of the server without TLS."""
        return scheme + "://localhost:" + str(self.options["spare_port"]) + path

    def client(self, **settings):
        """A client that believes the authority of the range; follows and keeps nothing unless it is told to."""
        from microhttps import Client

        for name, value in (("max_redirects", 0), ("keep_cookies", False), ("session_tickets", False)):
            settings.setdefault(name, value)
        settings.update(self.options.get("client_settings", {}))
        if "trust" not in settings:
            settings["trust"] = self.trust()
        return Client(**settings)

    def url(self, path="/", host="localhost", scheme="https"):
        """A URL of the server of this play."""
        return scheme + "://" + host + ":" + str(self.port) + path

    async def code_of(self, awaitable):
        """How it ended: the code of its MicrohttpsError, or "no error"."""
        try:
            await awaitable
        except MicrohttpsError as error:
            return error.code
        return "no error"


def ignore(*_):
    """An event that nobody needs."""


async def play_server(module, play):
    server = module.make_server(play)
    await server.start()
    play.say("ready")
    lines = Lines()
    while True:
        line = (await lines.next()).strip()
        if line == "memory":
            gc.collect()
            play.say("memory", gc.mem_alloc() if hasattr(gc, "mem_alloc") else len(gc.get_objects()))
        elif line == "circles":
            gc.disable()
            play.say("circles", gc.collect())
        elif line == "sessions":
            play.say("sessions", len(server.sessions))
        elif line == "refused":
            play.say("refused so far", server.refused)
        elif line == "quit":
            return
        else:
            break
    await server.stop()
    play.say("stopped")


class Lines:
    """The lines of stdin, awaited."""

    def __init__(self):
        self._stream = asyncio.StreamReader(sys.stdin) if sys.implementation.name == "micropython" else None

    async def next(self):
        if self._stream:
            line = await self._stream.readline()
            return line if isinstance(line, str) else line.decode()
        return await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


def read_options(path):
    """Read from a file: an argument of more than 255 bytes takes MicroPython down before it has begun."""
    if path is None:
        return {}
    with open(path) as file:
        return json.load(file)


def main(part, name, port, folder, options=None):
    module = __import__(name, None, None, ("client",))
    play = Play(int(port), folder, read_options(options))
    if play.options.get("engine"):
        from harness.engine import use_engine

        use_engine(play.options["engine"])
    if play.options.get("stutter"):
        from harness.stutter import stutter

        stutter(play.options.get("engine"))
    try:
        if part == "server":
            asyncio.run(play_server(module, play))
        elif hasattr(module, "blocking_client"):
            module.blocking_client(play)
        else:
            asyncio.run(module.client(play))
    except MicrohttpsError as error:
        if "expects_error" not in play.options:
            raise
        play.say("error", error.code)
        if play.options.get("explains"):
            from microhttps.explain import explain

            play.say(*explain(error, part))


if __name__ == "__main__":
    main(*sys.argv[1:])
