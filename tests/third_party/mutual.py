"""The server that other people's clients show certificates to. Runs on both interpreters."""

from microhttps import Server, Trust, Unsupported


class Telling(Server):
    """Says what it cannot."""

    async def start(self):
        try:
            await super().start()
        except Unsupported as error:
            print(error.code, error.facts["setting"])
            print(error)
            raise


def make_server(play):
    options = play.options
    settings = dict(options.get("settings", {}))
    if "trust" in options:
        settings["trust"] = play.trust(options["trust"])
    if "trust_kind" in options:
        settings["trust"] = {"public": Trust.public, "danger_anyone": Trust.danger_anyone,
                             "pinned": lambda: Trust.pinned("00" * 32)}[options["trust_kind"]]()
    if "identities" in options:
        names = options["identities"]
        settings["identities"] = {name: play.identity(names[name]) for name in names}
    kind = Telling if "tells" in options else Server
    server = kind(identity=play.identity(), host="127.0.0.1", port=play.port, **settings)

    @server.on_session
    def on_session(session, state, error):
        if state == "error":
            play.say("error", error.code)

    @server.get("/me")
    def me(request):
        tls = request.session.tls
        return {"names": tls.peer_names, "print": tls.fingerprint, "resumed": tls.resumed}

    @server.get("/tls")
    def tls(request):
        facts = request.session.tls
        return {"version": facts.version, "cipher": facts.cipher, "alpn": facts.alpn, "resumed": facts.resumed}

    if "trust" in options:
        @server.get("/alice", client_certificate="alice.example")
        def alice(request):
            return "welcome"

    return server
