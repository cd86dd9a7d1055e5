"""A proxy for the tests: opens tunnels, forwards plain requests, says what it was asked. Threads; no verdicts."""

import contextlib
import socket
import socketserver
import threading
from base64 import b64encode

SECRET = "Basic " + b64encode(b"ann:pa:ss").decode()


class Handler(socketserver.StreamRequestHandler):
    """One connection to the proxy."""

    def handle(self):
        line = self.rfile.readline().decode().strip()
        fields = {}
        while True:
            field = self.rfile.readline().decode().strip()
            if not field:
                break
            name, _, value = field.partition(":")
            fields[name.lower()] = value.strip()
        self.server.asked.append((line, fields))
        if self.server.wants_password and fields.get("proxy-authorization") != SECRET:
            self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        answer = self.server.answer
        if answer is not None:
            self.wfile.write(answer)
            return
        method, target, _ = line.split(" ")
        if method == "CONNECT":
            self.tunnel(target)
        else:
            body = f"through the proxy: {target}".encode()
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    def tunnel(self, target):
        host, _, port = target.rpartition(":")
        with socket.create_connection((self.server.leads_to or host.strip("[]"), int(port))) as far:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\nX-Proxy: ours\r\n\r\n")
            back = threading.Thread(target=pass_on, args=(far, self.connection))
            back.start()
            pass_on(self.connection, far)
            back.join()


def pass_on(source, sink):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


class Proxy(socketserver.ThreadingTCPServer):
    """`asked` holds the request lines with their fields; `answer` is said instead of an answer of its own.

    With `leads_to` every tunnel ends at that address, whatever host was asked for.
    """

    allow_reuse_address = daemon_threads = True

    def __init__(self, wants_password=False, answer=None, leads_to=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []
        self.wants_password = wants_password
        self.answer = answer
        self.leads_to = leads_to


@contextlib.contextmanager
def proxy(**options):
    """A running Proxy; its port is `server_address[1]`."""
    server = Proxy(**options)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
