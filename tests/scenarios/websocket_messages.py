"""WebSockets between ours and ours: messages of all kinds and sizes, subprotocols, pings, tasks that send at once."""

import asyncio

LIMIT = 200000
OPTIONS = {"settings": {"websocket_max_message_length": LIMIT, "max_open_sockets": 8, "max_sockets_per_address": 8},
           "client_settings": {"websocket_max_message_length": LIMIT}}


def make_server(play):
    server = play.server()

    @server.websocket("/echo", subprotocols=("superchat", "chat"))
    async def echo(socket):
        async for message in socket:
            await socket.send(message)
        play.say("echo ended", socket.close_code, socket.close_reason)

    @server.websocket("/rooms/<room>")
    async def room(socket):
        request = socket.request
        await socket.send("%s %s %s %s" % (request.params["room"], request.query["who"], request.headers["X-One"],
                                           socket.session.peer_address[0]))
        await socket.ping()
        await socket.send("the ping was answered")
        await socket.close(4000, "room closed")

    @server.websocket("/many")
    async def many(socket):
        async def talk(name):
            for number in range(5):
                await socket.send(name * (number * 5000 + 1))

        await asyncio.gather(*[talk(name) for name in "abc"])

    return server


async def client(play):
    ours = play.client()
    socket = await ours.websocket(play.url("/echo", scheme="wss"), subprotocols=("chat", "other"))
    play.say("subprotocol", socket.subprotocol, "TLS", socket.session.tls.version[:4])
    for message in ("hello", "", "grüß dich €", b"", b"\x00\xff", "x" * 125, "x" * 126, b"y" * 65535, b"z" * 65536,
                    "ü" * 50000):
        await socket.send(message)
        answer = await socket.receive()
        play.say(type(message).__name__, len(message), answer == message and type(answer) is type(message))
    await socket.send(bytearray(b"changed"))
    play.say(await socket.receive())
    for number in range(3):
        await socket.send("pipelined %d" % number)
    for _ in range(3):
        play.say(await socket.receive())
    await socket.ping(b"are you there?")
    play.say("ping answered")
    await socket.close(3001, "tschüß")
    play.say("closed", socket.close_code, await play.code_of(socket.send("late")), await play.code_of(socket.receive()))
    await socket.close()

    socket = await ours.websocket(play.url("/rooms/7?who=me", scheme="wss"), headers=(("X-One", "1"),))
    async for message in socket:
        play.say(message)
    play.say("closed", socket.close_code, socket.close_reason, socket.subprotocol)

    socket = await ours.websocket(play.url("/many", scheme="wss"))
    heard = {}
    async for message in socket:
        if message != message[0] * len(message):
            play.say("a frame within another")
        heard.setdefault(message[0], []).append(len(message))
    play.say(sorted(heard.items()), socket.close_code)
    await ours.close()


EXPECTED = """
subprotocol chat TLS TLSv
str 5 True
str 0 True
str 11 True
bytes 0 True
bytes 2 True
str 125 True
str 126 True
bytes 65535 True
bytes 65536 True
str 50000 True
b'changed'
pipelined 0
pipelined 1
pipelined 2
ping answered
closed 3001 websocket_closed websocket_closed
7 me 1 127.0.0.1
the ping was answered
closed 4000 room closed None
[('a', [1, 5001, 10001, 15001, 20001]), ('b', [1, 5001, 10001, 15001, 20001]), ('c', [1, 5001, 10001, 15001, 20001])] 1000
"""  # noqa: E501

EXPECTED_OF_SERVER = """
echo ended 3001 tschüß
"""
