"""A server and a client that show each other what `microhttps ca` has issued. Runs on both interpreters."""

from microhttps import Client, Identity, MicrohttpsError, Server, Trust


def make_server(play):
    names = play.options["server"]
    identity = Identity(play.path(names[0]), play.path(names[1]))
    trust = Trust.load(play.path("ca.crt")) if play.options["client"] else None
    server = Server(identity=identity, trust=trust, host="127.0.0.1", port=play.port)

    @server.get("/who")
    def who(request):
        return {"names": request.session.tls.peer_names if trust else None}

    return server


async def client(play):
    names = play.options["client"]
    identity = Identity(play.path(names[0]), play.path(names[1])) if names else None
    for host in play.options["hosts"]:
        ours = Client(trust=Trust.load(play.path("ca.crt")), identity=identity)
        try:
            answer = await ours.get("https://%s:%d/who" % (host, play.port))
            play.say(host, answer.status, answer.json()["names"])
        except MicrohttpsError as error:
            play.say(host, error.code)
        await ours.close()
