"""A server with what ESP-IDF's HTTPS server does wrong invited: bodies nobody reads, WebSockets, sessions refused.

Runs on both interpreters.
"""

import asyncio


def make_server(play):
    settings = {}
    if "identities" in play.options:
        names = play.options["identities"]
        settings["identities"] = {name: play.identity(names[name]) for name in names}
    if "folder" in play.options:
        play.folder = play.options["folder"]
    server = play.server(**settings)
    told = []

    @server.on_session
    def on_session(session, state, error):
        told.append(state)
        if play.options.get("refuses") and len(told) == 1:
            session.close()

    @server.get("/")
    def page(request):
        return "small"

    @server.get("/smuggled")
    def smuggled(request):
        play.say("smuggled")
        return "smuggled"

    @server.get("/slow")
    async def slow(request):
        await asyncio.sleep(4)
        return "slow"

    @server.post("/unread")
    async def unread(request):
        """Answers another time, and has not looked at the body."""
        await asyncio.sleep(0.05)
        return "unread"

    @server.post("/read")
    async def read(request):
        return await request.read()

    @server.get("/tls")
    def tls(request):
        facts = request.session.tls
        return [facts.version, facts.resumed]

    @server.websocket("/echo")
    async def echo(socket):
        async for message in socket:
            await socket.send(message)

    return server
