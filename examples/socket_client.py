"""A page over a socket of one's own: `ssl.wrap_socket(s)` of a book, and it verifies.

In place of the client in "Programming the ESP32 in MicroPython": the one line that makes its HTTP client an HTTPS
client is the same, but it says whom it wants. The book's `ssl.wrap_socket` takes anybody for the server; this one
knows the public roots, or with TRUST = Trust.load("ca.crt") an authority of your own.

    python examples/socket_client.py
    micropython examples/socket_client.py

It says the TLS version and cipher, the first line of the answer, and how long the page is. HTTP/1.0, and with a Host:
what the book sends (HTTP/1.1 without one) is answered 400, and the connection may be kept open, so that the end never
comes.

A server that wants to know who you are is shown a certificate by two arguments more: cert="alice.crt",
key="alice.key".
"""

import socket

from microhttps import MicrohttpsError, Trust, wrap_socket

HOST = "www.python.org"
PORT = 443
PATH = "/"
TRUST = Trust.public()
MOST = 256 * 1024  # bytes of an answer that are read; fewer on a board


def connected() -> socket.socket:
    """A plain socket."""
    address = socket.getaddrinfo(HOST, PORT, socket.AF_INET)[0][-1]
    s = socket.socket(socket.AF_INET)
    try:
        s.connect(address)
    except OSError:
        s.close()
        raise
    return s


def read_page() -> bytes:
    """The whole answer, head and body."""
    # `address` is where a board asks which of the public roots this host needs: docs/sockets.md.
    secure = wrap_socket(connected(), server_hostname=HOST, trust=TRUST, address=(HOST, PORT))
    try:
        secure.write(b"GET %s HTTP/1.0\r\nHost: %s\r\n\r\n" % (PATH.encode(), HOST.encode()))
        if secure.tls:
            print(secure.tls.version, secure.tls.cipher)
        return bytes(secure.read(MOST))
    finally:
        secure.close()


def main() -> None:
    try:
        head, _, body = read_page().partition(b"\r\n\r\n")
    except (OSError, MicrohttpsError) as error:
        print("failed:", error)
        return
    print(head.split(b"\r\n")[0].decode())
    print(len(body), "bytes")


if __name__ == "__main__":
    main()
