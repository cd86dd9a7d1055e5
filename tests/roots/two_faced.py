"""A server that shows another certificate at each connection, and keeps every byte that it was told.

Plain OpenSSL over memory, so that what came is known whether or not it could be read.
"""

import contextlib
import socketserver
import ssl
import threading

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere"


class Visit:
    """One connection: the `face` shown, the bytes that came (`raw`), those that could be read of them (`said`)."""

    def __init__(self, face):
        self.face = face
        self.raw = self.said = b""
        self.is_shaken = False


class TwoFaced(socketserver.TCPServer):
    """Shows the certificates `faces` one after the other, then the last for ever; `visits` is what happened."""

    allow_reuse_address = True

    def __init__(self, port, folder, faces, version):
        super().__init__(("127.0.0.1", port), None)
        self._folder, self._faces, self._version = folder, list(faces), version
        self.visits = []

    def finish_request(self, request, client_address):
        face = self._faces[min(len(self.visits), len(self._faces) - 1)]
        visit = Visit(face)
        self.visits.append(visit)
        request.settimeout(5)
        with contextlib.suppress(OSError):
            self._serve(request, visit)

    def _serve(self, raw, visit):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = self._context(visit.face).wrap_bio(incoming, outgoing, server_side=True)
        while data := raw.recv(65536):
            visit.raw += data
            incoming.write(data)
            try:
                self._go_on(tls, visit)
            except ssl.SSLWantReadError:
                pass
            finally:
                raw.sendall(outgoing.read())
            if visit.said.endswith(b"\r\n\r\n"):
                return

    def _go_on(self, tls, visit):
        if not visit.is_shaken:
            tls.do_handshake()
            visit.is_shaken = True
        while True:
            visit.said += tls.read(65536)
            if visit.said.endswith(b"\r\n\r\n"):
                tls.write(ANSWER)

    def _context(self, face):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if self._version:
            context.minimum_version = context.maximum_version = self._version
        context.load_cert_chain(self._folder / f"{face}.crt", self._folder / f"{face}.key")
        return context


@contextlib.contextmanager
def two_faced(port, folder, faces, version):
    """A running TwoFaced; of TLS 1.2 and 1.3 unless a `version` is named."""
    server = TwoFaced(port, folder, faces, version)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
