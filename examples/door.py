"""A door that opens for some: clients are known by their certificates (mutual TLS).

The certificates are made as docs/tls.md says; then, with these files in this folder:

    python examples/door.py
    micropython examples/door.py        the same, on MicroPython

    curl --cacert ca.crt --cert alice.crt --key alice.key https://localhost:8443/who
    curl --cacert ca.crt --cert alice.crt --key alice.key -X POST https://localhost:8443/open
"""

from microhttps import Identity, MicrohttpsError, Request, Server, Session, Trust

server = Server(Identity("device.crt", "device.key"), trust=Trust.load("ca.crt"), port=8443)


@server.on_session
def on_session(session: Session, state: str, error: MicrohttpsError | None) -> None:
    if state == "error":
        print("refused", session.peer_address[0], error)


@server.get("/who")
def who(request: Request) -> dict[str, object]:
    tls = request.session.tls
    return {"names": tls.peer_names, "fingerprint": tls.fingerprint}


@server.post("/open", client_certificate=("alice", "bob"))
def open_door(request: Request) -> str:
    return "open\n"


if __name__ == "__main__":
    server.run()
