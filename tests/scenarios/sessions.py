"""The server hears of connections as they open, close and fail; `sessions` counts them; a handler may end its own."""

import asyncio


def make_server(play):
    server = play.server()

    @server.on_session
    def on_session(session, state, error):
        play.say(state, session.peer_address[0], error.code if error else "")

    @server.get("/")
    def page(request):
        return str(len(server.sessions))

    @server.get("/end")
    async def end(request):
        request.session.close()
        return "never seen"

    return server


async def client(play):
    one, two = play.client(), play.client()
    play.say("one", (await one.get(play.url())).text())
    play.say("two", (await two.get(play.url())).text())
    await one.close()
    for _ in range(100):
        if (await two.get(play.url())).text() == "1":
            play.say("one has gone")
            break
        await asyncio.sleep(0.02)
    # Asked once more over a new connection, for GET may be, before it is called an error.
    play.say("ended:", await play.code_of(two.get(play.url("/end"))))
    await two.close()


EXPECTED = """
one 1
two 2
one has gone
ended: reset
"""

EXPECTED_OF_SERVER = """
open 127.0.0.1
open 127.0.0.1
close 127.0.0.1
close 127.0.0.1
open 127.0.0.1
close 127.0.0.1
"""
