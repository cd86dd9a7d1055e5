"""Bytes on a wire, good and bad: raw sockets, TLS records and alerts, and a proxy that keeps what passes through it."""

import socket
import ssl
import struct
import threading
import time

HANDSHAKE, ALERT, DATA, CHANGE_CIPHER_SPEC = 0x16, 0x15, 0x17, 0x14
ALERTS = {0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 22: "record_overflow",
          40: "handshake_failure", 42: "bad_certificate", 43: "unsupported_certificate", 45: "certificate_expired",
          46: "certificate_unknown", 47: "illegal_parameter", 48: "unknown_ca", 50: "decode_error",
          51: "decrypt_error", 70: "protocol_version", 71: "insufficient_security", 80: "internal_error",
          86: "inappropriate_fallback", 109: "missing_extension", 110: "unsupported_extension",
          112: "unrecognized_name", 120: "no_application_protocol"}


def open_raw(port, timeout=10):
    """A TCP connection to a server of ours."""
    return socket.create_connection(("127.0.0.1", port), timeout=timeout)


def trusting(certificates):
    """A context of Python's own that believes the authority of the range."""
    return ssl.create_default_context(cafile=str(certificates / "ca.crt"))


def open_tls(port, certificates, context=None, timeout=10):
    """A TLS connection by Python's own `ssl`, blocking."""
    context = context or trusting(certificates)
    return context.wrap_socket(open_raw(port, timeout), server_hostname="localhost")


def reset(raw):
    """Close with RST instead of FIN."""
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raw.close()


def read_until_end(raw, patience=10):
    """(bytes until the peer closed, how it closed: "end" or "reset"); raises TimeoutError when it does not."""
    raw.settimeout(patience)
    deadline = time.monotonic() + patience
    received = b""
    while time.monotonic() < deadline:
        try:
            data = raw.recv(65536)
        except (ConnectionResetError, BrokenPipeError):
            return received, "reset"
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return received, "end"
        if not data:
            return received, "end"
        received += data
    raise TimeoutError


def record(kind, body, version=0x0303):
    """A TLS record (RFC 8446 section 5.1)."""
    return struct.pack(">BHH", kind, version, len(body)) + body


def records_of(data):
    """[(content type, body)] of the whole records in these bytes; what is no whole record comes as (None, rest)."""
    found = []
    while data:
        if len(data) < 5 or len(data) < 5 + struct.unpack(">H", data[3:5])[0]:
            return [*found, (None, data)]
        length = struct.unpack(">H", data[3:5])[0]
        found.append((data[0], data[5:5 + length]))
        data = data[5 + length:]
    return found


def plain_alerts(data):
    """The names of the unencrypted fatal alerts among these bytes."""
    return [ALERTS.get(body[1], body[1]) for kind, body in records_of(data)
            if kind == ALERT and len(body) == 2 and body[0] == 2]


def client_hello(context=None, name="localhost"):
    """The first bytes of an OpenSSL client, as one record."""
    context = context or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    try:
        context.wrap_bio(incoming, outgoing, server_hostname=name).do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


class Proxy:
    """Passes bytes between its clients and a server, keeps them, and lets a test tamper with them on the way."""

    def __init__(self, port, tamper=None):
        self.from_client = []
        self.from_server = []
        self._tamper = tamper or (lambda direction, number, data: data)
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads = []
        self._sockets = [self._listener]
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def _accept(self):
        while True:
            try:
                ours, _ = self._listener.accept()
            except OSError:
                return
            theirs = socket.create_connection(("127.0.0.1", self._target))
            for raw in (ours, theirs):
                raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets += [ours, theirs]
            for source, sink, kept, direction in ((ours, theirs, self.from_client, "up"),
                                                  (theirs, ours, self.from_server, "down")):
                thread = threading.Thread(target=self._pass, args=(source, sink, kept, direction), daemon=True)
                thread.start()
                self._threads.append(thread)

    def _pass(self, source, sink, kept, direction):
        number = 0
        try:
            while data := source.recv(65536):
                kept.append(data)
                sink.sendall(self._tamper(direction, number, data))
                number += 1
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            for raw in (source, sink):
                raw.close()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        for raw in self._sockets:
            raw.close()
        self._accepting.join(5)
