"""Our client with somebody else's echo server; both interpreters."""

from microhttps import UsageError


async def client(play):
    ours = play.client(websocket_max_message_length=100000)
    socket = await ours.websocket(play.url("/", scheme="wss"), subprotocols=("chat",))
    play.say("subprotocol", socket.subprotocol)
    for message in ("", "grüß dich €"[:11], bytes(range(256)), "x" * 66000):
        await socket.send(message)
        play.say(len(message), await socket.receive() == message)
    await socket.ping()
    play.say("ping answered")
    await socket.close(4001, "bye")
    play.say("closed", socket.close_code, socket.close_reason)
    for names in ("chat", ("other", "chat"), ("two words",), ("",)):
        try:
            socket = await ours.websocket(play.url("/", scheme="wss"), subprotocols=names)
            play.say("agreed", socket.subprotocol)
            await socket.close()
        except UsageError as error:
            play.say(error.code)
    socket = await ours.websocket(play.url("/", scheme="wss"))
    # Who is refused while still sending may hear a reset before the reason.
    await play.code_of(socket.send(b"x" * 100001))
    async for _ in socket:
        pass
    play.say("too large for them:", socket.close_code in (1009, 1006))
    await ours.close()
