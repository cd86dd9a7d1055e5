"""PEM or DER, file or bytes, one certificate or a chain, ECDSA or RSA, key in the same file: all of them serve."""

from microhttps import Identity, Server


def read(path):
    with open(path, "rb") as file:
        return file.read()


def identity_of(play, kind):
    if kind == "DER":
        return Identity(play.path("good.crt.der"), play.path("good.key.der"))
    if kind == "bytes":
        return Identity(read(play.path("good.crt")), read(play.path("good.key")))
    if kind == "one PEM":
        return Identity(read(play.path("good.crt")) + read(play.path("good.key")))
    return play.identity(kind)


def make_server(play):
    """One server that starts others: each answers once, and the next takes its port when it has stopped."""
    server = play.server(on_event=lambda name, facts: None)
    running = []

    @server.post("/serve")
    async def serve(request):
        kind = (await request.read()).decode()
        while running:
            await running.pop().stop()
        if kind == "none":
            return "stopped"
        other = Server(identity=identity_of(play, kind), host="127.0.0.1", port=play.options["spare_port"])
        other.get("/")(lambda request: kind)
        await other.start()
        running.append(other)
        return "started"

    return server


async def client(play):
    ours = play.client()
    for kind in ("good", "rsa", "chain", "DER", "bytes", "one PEM"):
        answer = await ours.post(play.url("/serve"), body=kind)
        other = play.client()
        answer = await other.get("https://localhost:%d/" % play.options["spare_port"])
        play.say(kind, answer.status, answer.text(), answer.session.tls.version)
        await other.close()
    play.say((await ours.post(play.url("/serve"), body="none")).text())
    await ours.close()


EXPECTED = """
good 200 good TLSv1.3
rsa 200 rsa TLSv1.3
chain 200 chain TLSv1.3
DER 200 DER TLSv1.3
bytes 200 bytes TLSv1.3
one PEM 200 one PEM TLSv1.3
stopped
"""
