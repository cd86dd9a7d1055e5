"""A server that speaks first, over TLS from the beginning, as those of mail do on their old ports.

    greeting_server.py PORT FOLDER CERTIFICATE [ARGUMENTS]      both interpreters

ARGUMENTS are JSON: more for `wrap_socket`. It greets each client and says its line back; the line `stop` ends it.
"""

import json
import sys

from microhttps import MicrohttpsError, wrap_socket
from socket_temperature_server import listen


def main(port, folder, certificate, arguments="{}"):
    listener = listen(int(port))
    arguments = json.loads(arguments)
    line = b""
    while line != b"stop\n":
        sock = listener.accept()[0]
        try:
            secure = wrap_socket(sock, server_side=True, key=folder + "/" + certificate + ".key",
                                 cert=folder + "/" + certificate + ".crt", **arguments)
            secure.setblocking(True)  # also when it was wrapped without a handshake
            secure.write(b"welcome\n")
            line = secure.readline()
            secure.write(line)
            secure.close()
        except MicrohttpsError as error:
            print("failed", error.code)
            sock.close()
    listener.close()
    print("stopped")


main(*sys.argv[1:])
