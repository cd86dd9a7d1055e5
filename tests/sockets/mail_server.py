"""A server that begins in the clear and goes on as TLS when it is asked (SMTP's STARTTLS, RFC 3207).

    mail_server.py PORT FOLDER CERTIFICATE [INJECTED]      both interpreters

With INJECTED it says that, too, in the clear, behind its consent: what somebody in between would do. QUIT ends it.
"""

import sys

from microhttps import MicrohttpsError, wrap_socket
from socket_temperature_server import listen


def read_line(sock):
    """A line of a plain socket, and nothing behind it."""
    line = b""
    while line[-1:] != b"\n":
        byte = sock.recv(1)
        if not byte:
            return line
        line += byte
    return line


def talk(sock, folder, certificate, injected):
    sock.send(b"220 localhost ESMTP\r\n")
    while True:
        word = read_line(sock)[:4].upper()
        if word == b"EHLO":
            sock.send(b"250-localhost\r\n250 STARTTLS\r\n")
        elif word == b"STAR":
            sock.send(b"220 go ahead\r\n" + injected)
            break
        else:
            sock.send(b"530 Must issue a STARTTLS command first\r\n")
            return False
    secure = wrap_socket(sock, server_side=True, key=folder + "/" + certificate + ".key",
                         cert=folder + "/" + certificate + ".crt")
    while True:
        line = secure.readline()
        word = line[:4].upper()
        if word == b"EHLO":
            secure.write(b"250-localhost\r\n250 HELP\r\n")
        elif word == b"NOOP":
            secure.write(b"250 over " + secure.tls.version.encode() + b"\r\n")
        elif word == b"QUIT" or not line:
            secure.write(b"221 bye\r\n")
            secure.close()
            return word == b"QUIT"
        else:
            secure.write(b"502 what\r\n")


def main(port, folder, certificate, injected=""):
    listener = listen(int(port))
    is_over = False
    while not is_over:
        sock = listener.accept()[0]
        try:
            is_over = talk(sock, folder, certificate, injected.encode())
        except MicrohttpsError as error:
            print("failed", error.code)
        sock.close()
    listener.close()
    print("stopped")


main(*sys.argv[1:])
