"""A stand-in for howsmyssl.com: /a/check answers with JSON about the very connection it was asked over.

What the client offers is read from its hello before OpenSSL has it; what became of it is what OpenSSL says.
"""

import json
import socket
import ssl
import threading

from microhttps_host.probing.hello import RENEGOTIATION_SUITE
from microhttps_host.probing.numbers import SESSION_TICKET
from microhttps_host.probing.reading import Malformed, Reader
from microhttps_host.probing.suites import SUITES, is_broken, is_forward_secret

NAMES = {**SUITES, RENEGOTIATION_SUITE: "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"}


class HowsMySsl:
    """Serves until it is stopped; `requests` are the heads that came."""

    def __init__(self, certificate, key, maximum=None):
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        if maximum:
            self._context.maximum_version = maximum
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.requests = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self):
        while True:
            try:
                raw = self._listener.accept()[0]
            except OSError:
                return
            with raw:
                raw.settimeout(10)
                try:
                    self._answer(raw)
                except (OSError, Malformed):
                    pass  # a client that does not like our certificate, for instance

    def _answer(self, raw):
        hello = peek_hello(raw)
        with self._context.wrap_socket(raw, server_side=True) as secure:
            file = secure.makefile("rb")
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                line = file.readline()
                if not line:
                    return
                head += line
            self.requests.append(head.decode())
            is_found = head.split(b" ")[1] in (b"/a/check", b"https://www.howsmyssl.com/a/check")
            body = json.dumps(report(hello, secure)).encode() if is_found else b"not found"
            secure.sendall(b"HTTP/1.0 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                           % (b"200 OK" if is_found else b"404 Not Found", len(body)) + body)
            secure.unwrap()


def report(hello, secure):
    """The JSON of /a/check."""
    suites, extensions = hello
    insecure = {SUITES[suite]: ["is broken"] for suite in suites if is_broken(suite)}
    has_ephemeral_keys = any(map(is_forward_secret, suites))
    return {
        "given_cipher_suites": [NAMES.get(suite, f"0x{suite:04x}") for suite in suites],
        "ephemeral_keys_supported": has_ephemeral_keys,
        "session_ticket_supported": SESSION_TICKET in extensions,
        "tls_compression_supported": False,
        "beast_vuln": False,  # of TLS 1.0, which is not spoken here
        "able_to_detect_n_minus_one_splitting": False,
        "insecure_cipher_suites": insecure,
        "tls_version": secure.version().replace("TLSv", "TLS "),
        "rating": "Bad" if insecure else "Probably Okay" if has_ephemeral_keys else "Improvable",
    }


def peek_hello(raw):
    """(cipher suites, extensions) that a client offers, which OpenSSL reads afterwards (RFC 8446 section 4.1.2)."""
    head = raw.recv(5, socket.MSG_PEEK | socket.MSG_WAITALL)
    record = raw.recv(5 + int.from_bytes(head[3:5], "big"), socket.MSG_PEEK | socket.MSG_WAITALL)
    hello = Reader(record[5:])
    hello.take(1 + 3 + 2 + 32)
    hello.vector(1)  # the session
    suites = hello.numbers(2)
    hello.vector(1)  # compression
    return suites, hello.extensions()
