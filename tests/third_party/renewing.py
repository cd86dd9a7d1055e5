"""A server whose identity is renewed by the test, in files of the test's own; says what it hears of that."""

import asyncio
import gc

from microhttps import Identity


async def hold_memory(play):
    """Take all memory but what one small thing needs, for a few seconds (MicroPython only)."""
    await asyncio.sleep(0.5)
    held = []
    for size in (2048, 256, 64):
        try:
            while gc.mem_free() > 3000:
                held.append(bytearray(size))
        except MemoryError:
            gc.collect()
    play.say("eaten")
    await asyncio.sleep(5)
    held.clear()
    gc.collect()
    play.say("given back")


def make_server(play):
    options = play.options
    own = options["own"]

    def on_event(name, facts):
        if name == "fault":
            play.say("fault", getattr(facts["error"], "code", None) or repr(facts["error"]))
            if options.get("raises"):
                raise ValueError("on purpose")
        elif name == "identity_renewed":
            play.say("renewed", facts["certificate"])

    settings = {}
    if options.get("other"):
        settings["identities"] = {"other.example": Identity(options["other"] + ".crt", options["other"] + ".key")}
    identity = Identity(own + ".crt", own + ".key", options.get("password"))
    server = play.server(identity=identity, on_event=on_event, **settings)

    @server.get("/")
    def page(request):
        return "small"

    @server.get("/eat")
    def eat(request):
        asyncio.create_task(hold_memory(play))
        return "soon"

    @server.get("/resumed")
    def resumed(request):
        return str(request.session.tls.resumed)

    return server
