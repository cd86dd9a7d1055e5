"""What mypy must refuse: each line marked with the kind of mistake it is told as, and no other line."""

from microhttps import Client, Identity, Request, Server, Trust, fetch
from microhttps.auth_basic import BasicAuth
from microhttps.websocket import WebSocket

server = Server(Identity("device.crt", "device.key"))
Server(max_open_socket=4)  # call-arg
Server(max_open_sockets="4")  # arg-type
Server(transport="plain")  # arg-type
Server(client_certificate="wanted")  # arg-type
Client(verify=False)  # call-arg
Trust.load()
Trust.anyone()  # attr-defined
Trust.load(7)  # arg-type
Identity(certificate=None)  # arg-type
fetch("https://localhost/", trust="ca.crt")  # arg-type
BasicAuth(["anna"])  # arg-type


@server.get("/")  # type-var
def number(request: Request) -> int:
    return 7


@server.get("/", client_certificate=7)  # arg-type
def page(request: Request) -> str:
    return str(request.parameters["name"])  # attr-defined


@server.get("/")  # type-var
def nobody() -> str:
    return ""


@server.get("/wrong", method="GET")  # call-arg
async def body(request: Request) -> bytes:
    return request.read()  # return-value


@server.websocket("/chat")
async def chat(socket: WebSocket) -> None:
    await socket.send(7)  # arg-type
    socket.send("forgotten")  # unused-coroutine


async def asking(client: Client) -> str:
    answer = await client.get("https://localhost/", data=b"")  # call-arg
    return answer.body  # return-value
