"""Our client, which echoes what a strange server says, and tells the codes it ended with; both interpreters."""

from microhttps import MicrohttpsError
from websocket import MAX_LENGTH


async def client(play):
    ours = play.client(websocket_max_message_length=MAX_LENGTH, websocket_close_timeout=3, recv_timeout=2)
    for _ in range(play.options["count"]):
        try:
            socket = await ours.websocket(play.url("/", scheme="wss"))
        except MicrohttpsError as error:
            play.say(error.code)
            continue
        try:
            async for message in socket:
                await socket.send(message)
        except MicrohttpsError:
            pass  # it closed while we echoed
        await socket.close()
        play.say(socket.close_code)
    await ours.close()
