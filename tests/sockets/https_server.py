"""Seed 003's "SSL HTTPS server", which serves one connection after the other; the queue holds the others.

    https_server.py PORT FOLDER CERTIFICATE [ARGUMENTS]      both interpreters

ARGUMENTS are JSON: more for `wrap_socket`. A client that fails is told of; a GET of /stop ends it.
"""

import json
import socket
import sys

from microhttps import MicrohttpsError, wrap_socket

PAGE = b"<h1>21.5 degrees</h1>"


def listen(port):
    row = socket.getaddrinfo("127.0.0.1", port, 0, socket.SOCK_STREAM)[0]
    listener = socket.socket(row[0])
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(row[-1])
    listener.listen(5)
    print("ready")
    return listener


def answer(secure):
    line = secure.readline()
    while secure.readline() not in (b"\r\n", b""):
        pass
    name = secure.tls.peer_certificate is not None and secure.tls.peer_common_name or "nobody"
    head = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nClient: %s\r\n\r\n"
    secure.write(head % (len(PAGE), name.encode()) + PAGE)
    secure.close()
    return line


def main(port, folder, certificate, arguments="{}"):
    listener = listen(int(port))
    arguments = json.loads(arguments)
    line = b""
    while not line.startswith(b"GET /stop"):
        sock = listener.accept()[0]
        try:
            secure = wrap_socket(sock, server_side=True, key=folder + "/" + certificate + ".key",
                                 cert=folder + "/" + certificate + ".crt", **arguments)
            line = answer(secure)
        except MicrohttpsError as error:
            print("failed", error.code)
            sock.close()
    listener.close()
    print("stopped")


if __name__ == "__main__":
    main(*sys.argv[1:])
