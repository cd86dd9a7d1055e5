"""What no server of repute does: one function a site of the range, given the accepted socket and the folder."""

import contextlib
import socket
import socketserver
import ssl
import struct
import threading

from harness.wire import ALERT, HANDSHAKE, record, reset

RANDOM = bytes((number * 151 + 87) & 0xFF for number in range(600))  # the same each time, and no record of TLS
PATIENCE = 10


def plain_http(raw, folder):
    raw.recv(4096)
    raw.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def other_protocol(raw, folder):
    raw.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
    raw.recv(4096)


def garbage(raw, folder):
    raw.recv(4096)
    raw.sendall(RANDOM)


def garbage_in_record(raw, folder):
    raw.recv(4096)
    raw.sendall(record(HANDSHAKE, b"\x57\x00\x00\x20" + RANDOM[:32]))


def long_record(raw, folder):
    """Longer than 2^14 + 256 bytes (RFC 8446 section 5.2)."""
    raw.recv(4096)
    raw.sendall(b"\x16\x03\x03" + struct.pack(">H", 0x4800) + bytes(0x4800))


def old_tls(raw, folder):
    """As servers answer that do not know the extension supported_versions (RFC 5246 appendix E.1)."""
    raw.recv(4096)
    hello = b"\x03\x01" + bytes(32) + b"\x00" + b"\xc0\x0a" + b"\x00"
    raw.sendall(b"\x16\x03\x01" + struct.pack(">HBBH", len(hello) + 4, 2, 0, len(hello)) + hello)


def alert(raw, folder):
    """handshake_failure, fatal."""
    raw.recv(4096)
    raw.sendall(record(ALERT, b"\x02\x28"))


def silent(raw, folder):
    raw.recv(4096)
    wait_for_end(raw)


def closed(raw, folder):
    raw.recv(4096)


def reset_at_once(raw, folder):
    raw.recv(4096)
    reset(raw)


def reset_after_handshake(raw, folder):
    with asked(raw, folder) as tls:
        reset(tls)


def silent_after_handshake(raw, folder):
    with asked(raw, folder) as tls:
        wait_for_end(tls)


def truncated(raw, folder):
    with asked(raw, folder) as tls:
        tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        tls.unwrap()


def record_of_16k(raw, folder):
    """One record holds 2^14 bytes, and OpenSSL fills it."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
    length = 2**14 - len(head % 10000)
    with asked(raw, folder) as tls:
        tls.sendall(head % length + b"here" + b" " * (length - 4))


SITES = {
    "plain-http": plain_http, "other-protocol": other_protocol, "garbage": garbage,
    "garbage-in-record": garbage_in_record, "long-record": long_record, "old-tls": old_tls, "alert": alert,
    "silent": silent, "closed": closed, "reset": reset_at_once, "reset-after-handshake": reset_after_handshake,
    "silent-after-handshake": silent_after_handshake, "truncated": truncated, "record-of-16k": record_of_16k,
}  # fmt: skip


@contextlib.contextmanager
def asked(raw, folder):
    """The TLS connection of who has shaken hands and asked for something."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "good.crt", folder / "good.key")
    with context.wrap_socket(raw, server_side=True) as tls:
        tls.recv(4096)
        yield tls


def wait_for_end(connection):
    while connection.recv(4096):
        pass


class RudeServer(socketserver.ThreadingTCPServer):
    """One site on a port."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, port, act, folder):
        super().__init__(("127.0.0.1", port), None)
        self._act, self._folder = act, folder
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    def finish_request(self, request, client_address):
        request.settimeout(PATIENCE)
        with contextlib.suppress(OSError):
            self._act(request, self._folder)

    def shutdown_request(self, request):
        with contextlib.suppress(OSError):
            request.shutdown(socket.SHUT_WR)
            wait_for_end(request)  # or closing over unread bytes is a reset
        request.close()

    def stop(self):
        self.shutdown()
        self.server_close()
