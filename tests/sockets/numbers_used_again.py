"""A socket whose peer went in the handshake is collected, while the next one has its number. Both interpreters.

    numbers_used_again.py PORT FOLDER
"""

import gc
import socket
import sys

from microhttps import MicrohttpsError, wrap_socket
from socket_temperature_server import listen


def connected(port):
    sock = socket.socket()
    sock.connect(socket.getaddrinfo("127.0.0.1", port, 0, socket.SOCK_STREAM)[0][-1])
    return sock


def fail(sock, folder):
    secure = wrap_socket(sock, server_side=True, cert=folder + "/good.crt", key=folder + "/good.key",
                         do_handshake=False)
    try:
        while secure.readline() is None:
            pass
    except MicrohttpsError as error:
        return error.code


def main(port, folder):
    listener = listen(port)
    for _ in range(20):
        connected(port).close()
        print("failed", fail(listener.accept()[0], folder))
        client = connected(port)  # takes the number that has become free
        server = listener.accept()[0]
        gc.collect()
        client.send(b"still open\n")
        print(server.recv(100))
        client.close()
        server.close()
    listener.close()


main(int(sys.argv[1]), sys.argv[2])
