"""An HTTPS server that comes and goes with the network, knows its clients by certificate, and tells who is there.

In place of ESP-IDF's example protocols/https_server/simple: `connect_handler` and `disconnect_handler` are `follow`,
`user_cb` is `on_session`, `cacert_pem` is `trust`, and the page is the same.

    python examples/network_server.py           with device.crt, device.key and ca.crt here (README.md makes them)
    micropython examples/network_server.py

    curl --cacert ca.crt --cert alice.crt --key alice.key https://localhost:8443/

It says `the server has started`, and of each client its TLS version, cipher and name. Who has no certificate of ours
is refused before it can ask anything; without `trust=` nobody is asked for one. HTTPD_SSL_TRANSPORT_INSECURE is
`Server(transport="insecure", port=80)`, with no identity.

On a board, where boot.py (beside this file) has begun to connect, with a main.py of two lines:

    import network, network_server
    network_server.main(network.WLAN(network.STA_IF))

    microhttps push main.py --for lamp.local
"""

import asyncio

from microhttps import Identity, MicrohttpsError, NetworkError, Request, Response, Server, Session, Trust

server = Server(Identity("device.crt", "device.key"), trust=Trust.load("ca.crt"), port=8443)


@server.get("/")
def hello(request: Request) -> Response:
    return Response("<h1>Hello Secure World!</h1>", content_type="text/html")


@server.on_session
def on_session(session: Session, state: str, error: MicrohttpsError | None) -> None:
    address = session.peer_address[0]
    if state == "open":
        print("open:", address, session.tls.version, session.tls.cipher, session.tls.peer_common_name)
    elif state == "close":
        print("close:", address, session.received, "bytes came,", session.sent, "went")
    elif error:
        print("refused:", address, error.code)


class AlwaysConnected:
    """A computer is taken to have its network."""

    def isconnected(self) -> bool:
        return True


COMPUTER = AlwaysConnected()


async def follow(wlan: AlwaysConnected) -> None:
    """Keep the server running while this interface is connected. Never ends."""
    is_running = False
    try:
        while True:
            if wlan.isconnected() and not is_running:
                is_running = await has_started()
            elif is_running and not wlan.isconnected():
                await server.stop()  # requests in progress may end, for `stop_timeout` seconds
                is_running = False
                print("the server has stopped")
            await asyncio.sleep(1)
    finally:
        await server.stop()


async def has_started() -> bool:
    try:
        await server.start()
    except NetworkError as error:  # the port is in use, say: the next second may be better
        print("not started:", error)
        return False
    print("the server has started")
    return True


def main(wlan: AlwaysConnected = COMPUTER) -> None:
    """Serve until Ctrl-C."""
    try:
        asyncio.run(follow(wlan))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
