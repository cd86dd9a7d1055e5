"""A socket that answers with a temperature, one client after the other, over TLS: an HTTPS server by hand.

In place of three programs of "Programming the ESP32 in MicroPython": the socket server, the temperature server, and,
by the one line with `wrap_socket`, the SSL HTTPS server. The connection queue is `listen(5)`: those who come
meanwhile wait there.

    python examples/socket_temperature_server.py        with device.crt and device.key here (README.md makes them)
    micropython examples/socket_temperature_server.py

    curl --cacert ca.crt https://localhost:8443/

A browser, which does not know your authority, complains; docs/certificates.md says how to be believed. Who is silent,
no TLS client or refuses the certificate is told of and harms nobody, but all others wait for him as long as the
timeouts allow: socket_polling_server.py does not, and `Server` does all of this by itself.
"""

import socket
import time

from microhttps import MicrohttpsError, Trust, wrap_socket

PORT = 8443
PATIENCE = 10  # seconds for a handshake, and for each silence
CLIENTS: Trust | None = None  # Trust.load("ca.crt"): clients must show a certificate of it
CERT_REQS: int | None = None  # 1, which is CERT_OPTIONAL: those who have one
PAGE = """<!DOCTYPE html>
<html><head><title>Temperature</title></head>
<body><h1>Temperature</h1>%.1f degrees</body></html>
"""


def temperature() -> float:
    """Degrees Celsius. On a board ask a sensor: an ESP32-S3 has `esp32.mcu_temperature()`."""
    return 19.5 + abs(time.time() % 60 - 30) / 10


def listen(port: int) -> socket.socket:
    """A socket that listens, with a queue of five; at every address of this machine."""
    address = socket.getaddrinfo("0.0.0.0", port, 0, socket.SOCK_STREAM)[0][-1]
    listener = socket.socket(socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(address)
    listener.listen(5)
    print("ready")
    return listener


def answer() -> bytes:
    page = (PAGE % temperature()).encode()
    return b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page) + page


def serve_one(listener: socket.socket) -> None:
    """Accept a client, read its request, whatever that is, and answer."""
    sock = listener.accept()[0]
    try:
        secure = wrap_socket(sock, server_side=True, cert="device.crt", key="device.key", trust=CLIENTS,
                             cert_reqs=CERT_REQS, handshake_timeout=PATIENCE, recv_timeout=PATIENCE)
    except MicrohttpsError as error:
        print("no handshake:", error)
        sock.close()
        return
    try:
        while secure.readline() not in (b"\r\n", b"\n", b""):
            pass  # a line of the request
        secure.write(answer())
    except MicrohttpsError as error:
        print("no answer:", error)
    secure.close()


def main() -> None:
    """Serve until Ctrl-C."""
    listener = listen(PORT)
    try:
        while True:
            serve_one(listener)
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


if __name__ == "__main__":
    main()
