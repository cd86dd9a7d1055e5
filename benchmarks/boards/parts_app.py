"""A server with one part of the runtime beside the least there is; /memory answers the heap kept since the start.

    parts_app PORT CERTIFICATE KEY PART
"""
# The heap is looked at before the imports.
# ruff: noqa: E402

import gc
import sys

gc.collect()
before = gc.mem_alloc()

from microhttps import Identity, Server


def memory(request):
    gc.collect()
    return str(gc.mem_alloc() - before)


def add_body(server):
    server.post("/part")(lambda request: request.content)


def add_waiting(server):
    async def answer(request):
        return "waited"

    server.get("/part")(answer)


def add_json(server):
    async def answer(request):
        return await request.json()

    server.post("/part")(answer)


def add_form(server):
    async def answer(request):
        return (await request.form())["name"]

    server.post("/part")(answer)


def add_upload(server):
    async def answer(request):
        async for part in request.parts():
            await part.save("upload.bin")
        return ""

    server.post("/part")(answer)


def add_files(server):
    server.static("/part", ".")


def add_basic(server):
    from microhttps.auth_basic import BasicAuth

    server.get("/part")(BasicAuth({"name": "password"})(memory))


def add_digest(server):
    from microhttps.auth_digest import DigestAuth

    server.get("/part")(DigestAuth({"name": "password"})(memory))


def add_sessions(server):
    from microhttps.cookie_sessions import CookieSessions

    sessions = CookieSessions(b"sixteen or more bytes")

    def answer(request):
        sessions.of(request)["seen"] = 1
        return ""

    server.get("/part")(sessions(answer))


def add_cors(server):
    from microhttps.cors import Cors

    server.use(Cors("*"))


def add_events(server):
    from microhttps.sse import EventStream

    async def feed(stream):
        await stream.send("first")
        await asyncio.sleep(3600)

    import asyncio

    server.get("/part")(lambda request: EventStream(feed))


def add_websocket(server):
    async def chat(socket):
        async for message in socket:
            await socket.send(message)

    server.websocket("/part")(chat)


def add_group(server):
    from microhttps.groups import Group

    group = Group()
    group.get("/<name>")(lambda request: request.params["name"])
    server.mount("/part", group)


def add_status(server):
    from microhttps.status import Status

    server.mount("/part", Status(server, users={"name": "password"}))


add_watched = add_status


def add_client(server):
    from microhttps import Client, Trust

    client = Client(Trust.danger_anyone())

    async def answer(request):
        return (await client.get("https://127.0.0.1:" + str(server.port) + "/memory")).text()

    server.get("/part")(answer)


def main(port, certificate, key, part):
    server = Server(Identity(certificate, key), host="127.0.0.1", port=int(port), max_open_sockets=8,
                    max_sockets_per_address=8)
    server.get("/memory")(memory)
    server.get("/modules")(lambda request: " ".join(sys.modules))
    if part != "nothing":
        globals()["add_" + part](server)
    server.run()


main(*sys.argv[1:])
