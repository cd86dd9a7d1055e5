"""An application that uses much of what there is as the pages show it: mypy --strict is content with it."""

import asyncio
import socket
from collections.abc import AsyncIterator

from microhttps import (
    Client,
    Identity,
    MicrohttpsError,
    Request,
    Response,
    Server,
    Session,
    Trust,
    connect,
    fetch,
    wrap_socket,
)
from microhttps.auth import AnyOf
from microhttps.auth_basic import BasicAuth
from microhttps.auth_bearer import BearerAuth
from microhttps.auth_digest import DigestAuth
from microhttps.client_auth import Bearer, Digest
from microhttps.cookie_sessions import CookieSessions
from microhttps.cors import Cors
from microhttps.csrf import Csrf
from microhttps.everywhere import AddedHeaders
from microhttps.explain import explain
from microhttps.groups import Group
from microhttps.sealing import seal
from microhttps.sse import Broadcast, Event, EventStream
from microhttps.websocket import WebSocket, broadcast

server = Server(
    Identity("device.crt", "device.key", sealed=lambda: b"secret"),
    trust=Trust.load("ca.crt", crl="ca.crl"),
    max_open_sockets=8,
    client_certificate="optional",
    identities={"*.local": Identity(b"certificate")},
    websocket_ping_interval=None,
    on_event=lambda name, facts: print(name, facts.get("error")),
    engine="mbedtls",
)
basic = BasicAuth({"anna": "secret"})
lights = Group()
news = Broadcast(history=10)
sessions = CookieSessions([b"16 random bytes..", b"those before them"])
csrf = Csrf(b"16 random bytes..")
rooms: set[WebSocket] = set()


@server.get("/text")
def text(request: Request) -> str:
    return request.query.get("name", "nobody") + request.headers.get("Host", "") + request.path


@server.get("/nothing")
def nothing(request: Request) -> None:
    request.session.context["seen"] = request.session.requests


@server.get("/json")
@basic
async def json(request: Request) -> dict[str, object]:
    form = await request.form()
    return {"user": request.user, "form": form.get_all("field"), "sent": [await request.json()]}


@server.post("/status", client_certificate=("anna", "bert"))
@AnyOf(basic, BearerAuth(lambda token: token == "key"), DigestAuth({"anna": "secret"}))
def status(request: Request) -> tuple[list[int], int, dict[str, str]]:
    return [1], 201, {"Location": "/x"}


@lights.put("/<name>")
async def upload(request: Request) -> Response:
    async for part in request.parts():
        if part.filename:
            await part.save(part.filename)
        else:
            print(part.name, await part.text(100))
    async for chunk in request.body:
        print(len(chunk))
    return Response.file("index.html", max_age=60).set_cookie("a", "b", same_site="Strict")


@server.get("/pieces")
def pieces(request: Request) -> Response:
    async def some() -> AsyncIterator[bytes]:
        yield b"one"

    return Response(some(), headers={"ETag": '"1"'}, length=3)


@server.get("/events")
def events(request: Request) -> EventStream:
    async def feed(stream: EventStream) -> None:
        await stream.send({"a": 1}, event="change", id=1)

    news.send("to all", id="7")
    return EventStream(feed, keep_alive=5)


@server.get("/again")
def again(request: Request) -> EventStream:
    return EventStream(Event(str(number), event="count") for number in range(9))


@server.get("/news")
def listen(request: Request) -> EventStream:
    return news.stream()


@server.websocket("/chat", subprotocols=("chat",))
@sessions.required("user", otherwise="/login")
async def chat(socket: WebSocket) -> None:
    rooms.add(socket)
    async for message in socket:
        await socket.send(message)
        broadcast(rooms, message)
    print(socket.request.user, socket.session.tls.peer_names, socket.close_code)


@server.error(404)
def missing(request: Request) -> str:
    return "not here"


@server.error(MicrohttpsError)
def failed(request: Request, error: MicrohttpsError) -> tuple[str, int]:
    return " ".join(explain(error, "server")), 500


@server.on_session
def told(session: Session, state: str, error: MicrohttpsError | None) -> None:
    print(session.peer_address[0], state, error and error.code, session.sent)


@server.get("/form")
@csrf
@sessions
def form(request: Request) -> str:
    sessions.of(request)["seen"] = True
    return csrf.token(request)


async def asking() -> None:
    async with Client(Trust.public(also="ca.crt"), connect_timeout=2.5, proxy=None) as client:
        answer = await client.post("https://localhost/", json={"a": 1}, auth=("anna", "secret"))
        print(answer.status, answer.json()["a"], answer.headers["ETag"], answer.session.tls.version, answer.url.host)
        await client.get("https://localhost/", auth=Digest("anna", "secret"))
        await client.get("https://localhost/", {"Accept": "text/plain"}, Bearer("token"))
        async with client.stream("GET", "https://localhost/", progress=lambda had, all: print(had, all)) as stream:
            print(stream.status, await stream.save("file"))
        chat = await client.websocket("wss://localhost/chat")
        await chat.close()
        await client.start("https://localhost/", lambda name, value: print(name, value)).wait()
    line = await connect("localhost", 8883, identity=Identity("my.pem"))
    await line.write(b"hello")
    print((await line.readline()).decode())
    await line.close()


def blocking(raw: socket.socket) -> int:
    secure = wrap_socket(raw, server_hostname="localhost", cadata=b"certificate", recv_timeout=3)
    secure.write(b"hello")
    print(fetch("https://localhost/", trust=Trust.pinned("sha256//x")).text().upper())
    return len(secure.read(10)) + len(seal(b"key", b"a long secret"))


server.mount("/lights", lights, basic)
server.static("/", "www", basic, max_age=60)
server.use(Cors("https://example.org"), AddedHeaders({"X-Frame-Options": "DENY"}))

if __name__ == "__main__":
    asyncio.run(asking())
    server.run()
