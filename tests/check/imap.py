"""A server that speaks as much IMAP as a check asks for (RFC 9051): greeting, CAPABILITY, STARTTLS, LOGOUT."""

import contextlib
import socketserver
import ssl
import threading


class Handler(socketserver.BaseRequestHandler):
    """One connection."""

    def handle(self):
        self.request.settimeout(10)
        with contextlib.suppress(OSError):
            self.talk()

    def talk(self):
        server, connection = self.server, self.request
        if server.at_once:
            connection = server.context.wrap_socket(connection, server_side=True)
        connection.sendall(server.greeting)
        while True:
            line = read_line(connection)
            if not line:
                return
            tag, word = line.split()[:2]
            if word == b"CAPABILITY":
                connection.sendall(b"* CAPABILITY " + server.capabilities + b"\r\n" + tag + b" OK done\r\n")
            elif word == b"STARTTLS":
                connection.sendall(tag + server.consent)
                if b" OK" in server.consent:
                    connection = server.context.wrap_socket(connection, server_side=True)
            elif word == b"LOGOUT":
                connection.sendall(b"* BYE\r\n" + tag + b" OK\r\n")
                return


def read_line(connection):
    line = b""
    while not line.endswith(b"\n"):
        byte = connection.recv(1)
        if not byte:
            return b""
        line += byte
    return line


class ImapServer(socketserver.ThreadingTCPServer):
    """With a certificate of the folder; what it says can be changed before it is asked."""

    allow_reuse_address = daemon_threads = True
    greeting = b"* OK ready\r\n"
    capabilities = b"IMAP4rev1 STARTTLS LOGINDISABLED"
    consent = b" OK begin\r\n"
    at_once = False

    def __init__(self, folder, certificate="good"):
        super().__init__(("127.0.0.1", 0), Handler)
        self.port = self.server_address[1]
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / f"{certificate}.crt", folder / f"{certificate}.key")

    def handle_error(self, request, client_address):
        """A client that hangs up is none of our faults."""


@contextlib.contextmanager
def imap_server(folder, certificate="good", **said):
    with ImapServer(folder, certificate) as server:
        for name, value in said.items():
            setattr(server, name, value)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.port
        finally:
            server.shutdown()
