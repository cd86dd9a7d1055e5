"""A server of ours that echoes every message; both interpreters."""

import asyncio

from websocket import MAX_LENGTH


def make_server(play):
    def on_event(name, facts):
        if name in ("connection_lost", "fault"):
            play.say(name, getattr(facts["error"], "code", None) or repr(facts["error"]))

    server = play.server(on_event=on_event, websocket_max_message_length=MAX_LENGTH, max_open_sockets=20,
                         max_sockets_per_address=20)

    @server.websocket("/", subprotocols=("chat", "superchat"))
    async def echo(socket):
        async for message in socket:
            await socket.send(message)

    @server.websocket("/sleepy")
    async def sleepy(socket):
        await asyncio.sleep(1)
        await socket.receive()
        await socket.send("awake")

    return server
