"""A server whose identity is renewed by the test, in files of the test's own; says what it hears of that."""

from microhttps import Identity


def make_server(play):
    options = play.options
    own = options["own"]

    def on_event(name, facts):
        if name == "fault":
            play.say("fault", facts["error"].code)
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

    @server.get("/resumed")
    def resumed(request):
        return str(request.session.tls.resumed)

    return server
