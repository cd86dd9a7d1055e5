"""A server whose handlers take their time, and say how they ended. Both interpreters."""

import asyncio


def make_server(play):
    server = play.server()

    @server.get("/")
    def page(request):
        return "page"

    @server.route("/sleep/<int:milliseconds>", ("GET", "POST"))
    async def sleep(request):
        body = await request.read()
        play.say("began")
        try:
            await asyncio.sleep(request.params["milliseconds"] / 1000)
        except asyncio.CancelledError:
            play.say("cancelled")
            raise
        return b"slept " + body

    return server
