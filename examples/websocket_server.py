"""A WebSocket server over TLS: it echoes, greets all who are there, and lets go of who has fallen asleep.

In place of ESP-IDF's example protocols/https_server/wss_server: its keep-alive module with a task and a queue of its
own is two settings here; its list of clients and `httpd_queue_work` are a list and `broadcast`.

    python examples/websocket_server.py             with device.crt and device.key here (README.md makes them)
    micropython examples/websocket_server.py

    SSL_CERT_FILE=ca.crt python -m websockets wss://localhost:8443/ws        pip install websockets

What is typed comes back, and `Hello client` every ten seconds. A client that does not answer a ping loses its place.
"""

import asyncio

from microhttps import Identity, Server
from microhttps.websocket import WebSocket, broadcast

EVERY = 10  # seconds

server = Server(Identity("device.crt", "device.key"), port=8443, websocket_ping_interval=5, websocket_ping_timeout=5)
clients: list[WebSocket] = []


@server.websocket("/ws")
async def echo(socket: WebSocket) -> None:
    clients.append(socket)
    print("open:", len(clients))
    try:
        async for message in socket:
            await socket.send(message)
    finally:
        clients.remove(socket)
        print("close:", socket.close_code)


@server.background
async def greet() -> None:
    while True:
        await asyncio.sleep(EVERY)
        broadcast(clients, "Hello client")


if __name__ == "__main__":
    server.run()
