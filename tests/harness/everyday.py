"""An everyday server for tests whose client is not ours: a few pages, and a line on stdout for each failure."""

import asyncio

from microhttps import Response

SAID = ("session_error", "bad_request", "connection_lost", "fault", "refused")


def make_server(play):
    is_quiet = play.options.get("quiet")

    def on_event(name, facts):
        if name in SAID and not is_quiet:
            error = facts.get("error")
            play.say(name, getattr(error, "code", None) or repr(error))

    server = play.server(on_event=on_event)

    @server.get("/")
    def page(request):
        return "small"

    @server.get("/large/<int:size>")
    def large(request):
        return b"x" * request.params["size"]

    @server.get("/stream/<int:count>")
    def stream(request):
        return Response(b"y" * 1000 for _ in range(request.params["count"]))

    @server.get("/slow")
    async def slow(request):
        await asyncio.sleep(0.3)
        return "slow"

    @server.post("/echo")
    def echo(request):
        return request.content

    @server.post("/count")
    async def count(request):
        total = 0
        async for piece in request.body:
            total += len(piece)
        return {"bytes": total}

    @server.get("/fails")
    def fails(request):
        raise ValueError("on purpose")

    @server.get("/tls")
    def tls(request):
        facts = request.session.tls
        return {"version": facts.version, "cipher": facts.cipher, "alpn": facts.alpn, "resumed": facts.resumed}

    return server
