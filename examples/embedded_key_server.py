"""A web server whose certificate and key are a part of the program: there are no files that could be forgotten.

In place of Sming's `make generate-cert`, cert.h and private_key.h, `server.setSslInitHandler(...)` which assigns them,
and `server.listen(443, true)`; and of the C arrays in many an ESP-IDF program. In a folder of your own:

    microhttps ca issue localhost 127.0.0.1 --label device
    microhttps embed device                             writes identity.py: CERTIFICATE and KEY
    cp .../examples/embedded_key_server.py .
    python embedded_key_server.py                       or: micropython embedded_key_server.py
    microhttps push embedded_key_server.py              onto a board

    curl --cacert ca.crt https://localhost:8443/

For a program of Sming itself, `microhttps embed device --form c --to include/ssl` writes cert.h and private_key.h.

Whoever has the program has the key. Sealed with a secret of the device it opens on that device only (docs/keys.md says
against whom that helps): `microhttps embed device --seal device.id`, and on the board a main.py of two lines, which is
pushed instead:

    import embedded_key_server, machine
    embedded_key_server.main(machine.unique_id())
"""

from identity import CERTIFICATE, KEY

from microhttps import Identity, Request, Response, Server

server = Server(port=8443)


@server.get("/")
def index(request: Request) -> Response:
    return Response("<h1>My key came with my program</h1>", content_type="text/html")


def main(secret: bytes | None = None) -> None:
    """Serve until Ctrl-C; with a secret, the key is one that was sealed with it."""
    server.identity = Identity(CERTIFICATE, KEY, sealed=secret)
    server.run()


if __name__ == "__main__":
    main()
