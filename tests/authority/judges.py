"""Real TLS libraries that judge what a server shows: Python's OpenSSL (plain and strict), Mbed TLS, Chromium.

    judges.py FOLDER HOST=PORT=AUTHORITY...     on MicroPython: a line `NAME ok` or `NAME error` for each
"""

import sys


def ask(folder, name, host, port):
    """Whether Mbed TLS believes the server; runs on MicroPython."""
    import socket

    import tls

    connection = socket.socket()
    connection.connect(socket.getaddrinfo("127.0.0.1", port)[0][-1])
    try:
        context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
        with open(folder + "/" + name + ".ca.crt", "rb") as file:
            context.load_verify_locations(file.read())
        secure = context.wrap_socket(connection, server_hostname=host)
        secure.write(b"GET / HTTP/1.0\r\n\r\n")
        return bool(secure.read(10))
    except (OSError, ValueError):
        return False
    finally:
        connection.close()


def main(folder, list_file):
    with open(list_file) as file:
        for line in file:
            name, host, port = line.split()
            print(name, ask(folder, name, host, int(port)))


if __name__ == "__main__":
    main(*sys.argv[1:])
