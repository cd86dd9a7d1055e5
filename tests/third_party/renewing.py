"""A server whose identity is renewed by the test, in files of the test's own; says what it hears of that."""

import gc

from microhttps import Identity


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

    eaten = []

    @server.post("/eat/<int:left>")
    def eat(request):
        """Take all memory but so much."""
        size = 2048
        while gc.mem_free() > request.params["left"] and size > 64:
            try:
                eaten.append(bytearray(min(size, gc.mem_free() - request.params["left"])))
            except MemoryError:
                size //= 2
        return str(gc.mem_free())

    @server.post("/give")
    def give(request):
        eaten.clear()

    @server.get("/resumed")
    def resumed(request):
        return str(request.session.tls.resumed)

    return server
