"""Connects with the `tls` of a MicroPython alone, as a program on a board does, and says how each attempt ended.

    board_tls.py FILE      a list in JSON of {name, host, port, trust, ciphers}; a line for each: name and ending

Runs on MicroPython; nothing of microhttps is loaded.
"""

import json
import socket
import sys

import tls


def connect(site):
    raw = socket.socket()
    try:
        raw.connect(socket.getaddrinfo("127.0.0.1", site["port"])[0][-1])
        context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
        with open(site["trust"], "rb") as file:
            context.load_verify_locations(file.read())
        if site.get("ciphers"):
            context.set_ciphers(site["ciphers"])
        secured = context.wrap_socket(raw, server_hostname=site["host"])
        try:
            return secured.cipher()
        finally:
            secured.close()
    finally:
        raw.close()


def main(path):
    with open(path) as file:
        sites = json.load(file)
    for site in sites:
        try:
            print(site["name"], "here", *connect(site))
        except (OSError, ValueError) as error:
            print(site["name"], type(error).__name__, " ".join(str(error).split()))


main(sys.argv[1])
