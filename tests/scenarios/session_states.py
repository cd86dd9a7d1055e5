"""What `session.state` says of clients that do different things at the same time, and that closing ends any of them."""

import asyncio


def make_server(play):
    server = play.server(max_open_sockets=10, max_sockets_per_address=10, stop_timeout=2)

    @server.get("/states")
    def states(request):
        return sorted([session.state for session in server.sessions])

    @server.get("/close")
    def close(request):
        for session in server.sessions:
            if session is not request.session:
                session.close()
        return "closed"

    @server.get("/waits")
    async def waits(request):
        await asyncio.sleep(10)
        return "too late"

    @server.get("/quick")
    def quick(request):
        return "quick"

    @server.websocket("/socket")
    async def socket(socket):
        async for message in socket:
            await socket.send(message)

    return server


async def states(play, client, expected):
    """Once they are these, or what they are in the end."""
    for _ in range(100):
        found = (await client.get(play.url("/states"))).json()
        if found == expected:
            break
        await asyncio.sleep(0.05)
    return found


async def client(play):
    one, idle, talking, waiting = play.client(), play.client(), play.client(), play.client()
    raw = await asyncio.open_connection("127.0.0.1", play.port)
    await idle.get(play.url("/quick"))
    socket = await talking.websocket(play.url("/socket", scheme="wss"))
    task = asyncio.create_task(play.code_of(waiting.get(play.url("/waits"))))
    play.say(await states(play, one, ["handshake", "idle", "request", "request", "websocket"]))
    await one.get(play.url("/close"))
    play.say("waiting:", await task)
    async for _ in socket:
        pass
    play.say("websocket:", socket.close_code)
    play.say(await states(play, one, ["request"]))
    raw[1].close()
    for ours in (one, idle, talking, waiting):
        await ours.close()


EXPECTED = """
['handshake', 'idle', 'request', 'request', 'websocket']
waiting: reset
websocket: 1001
['request']
"""
