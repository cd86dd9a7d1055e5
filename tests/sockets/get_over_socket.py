"""Seed 003 ("Programming the ESP32 in MicroPython"): a socket, wrapped, over which a page is read.

    get_over_socket.py PORT FOLDER PATH      both interpreters
"""

import socket
import sys

from microhttps import MicrohttpsError, wrap_socket

port, folder, path = sys.argv[1:]
ai = socket.getaddrinfo("localhost", int(port), socket.AF_INET)
addr = ai[0][-1]
s = socket.socket(socket.AF_INET)
s.connect(addr)
with open(folder + "/ca.crt", "rb") as file:
    authority = file.read()
try:
    sslSock = wrap_socket(s, server_hostname="localhost", cadata=authority)
    request = b"GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n" % path.encode()
    sslSock.write(request)
    head, _, body = sslSock.read().partition(b"\r\n\r\n")
    print(head.split(b"\r\n")[0].decode().split(" ", 1)[1], len(body), sslSock.tls.version)
    sslSock.close()
except MicrohttpsError as error:
    print("error", error.code)
