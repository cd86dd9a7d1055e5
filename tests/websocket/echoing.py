"""A server that echoes every message, and a client that asks others for theirs; both interpreters."""

from websocket.cases import MAX_LENGTH


def make_server(play):
    def on_event(name, facts):
        if name in ("connection_lost", "fault"):
            play.say(name, getattr(facts["error"], "code", None) or repr(facts["error"]))

    server = play.server(on_event=on_event, **{"websocket_max_message_length": MAX_LENGTH,
                                               **play.options.get("limits", {})})

    @server.websocket("/", subprotocols=("chat", "superchat"))
    async def echo(socket):
        async for message in socket:
            await socket.send(message)

    return server
