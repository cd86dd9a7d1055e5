"""WebSockets without TLS, as inside a network of one's own or behind a proxy; and a guard before one."""

from microhttps.auth_basic import BasicAuth

OPTIONS = {"settings": {"transport": "insecure"}}


def make_server(play):
    server = play.server()
    basic = BasicAuth({"ann": "secret"})

    @server.websocket("/")
    async def echo(socket):
        async for message in socket:
            await socket.send(message)

    @server.websocket("/private")
    @basic
    async def private(socket):
        await socket.send("hello " + socket.request.user)

    return server


async def client(play):
    ours = play.client()
    socket = await ours.websocket(play.url("/", scheme="ws"))
    for message in ("plain", b"x" * 20000):
        await socket.send(message)
        play.say(len(await socket.receive()))
    await socket.close()
    play.say(socket.close_code, socket.session.tls)
    play.say(await play.code_of(ours.websocket(play.url("/private", scheme="ws"))))
    headers = {"Authorization": "Basic YW5uOnNlY3JldA=="}
    socket = await ours.websocket(play.url("/private", scheme="ws"), headers=headers)
    async for message in socket:
        play.say(message)
    play.say(await play.code_of(ours.websocket(play.url("/", scheme="wss"))))
    await ours.close()


EXPECTED = """
5
20000
1000 None
websocket_refused
hello ann
peer_is_not_tls
"""
