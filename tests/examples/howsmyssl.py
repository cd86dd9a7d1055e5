"""A stand-in for howsmyssl.com: /a/check answers with JSON about the very connection it was asked over.

What the client offers is read from its hello before OpenSSL has it; what became of it is what OpenSSL says.
"""

import json
import socket
import ssl
import subprocess
import threading
from functools import cache

from harness.programs import find_tool

SESSION_TICKET = 35  # an extension (RFC 5077)
WEAK = {"NULL": "has no encryption", "RC4": "uses RC4", "DES": "uses DES or 3DES", "EXPORT": "is for export",
        "anon": "does not authenticate", "MD5": "uses MD5"}


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
                except OSError:
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
    names = [suite_names().get(number, f"0x{number:04x}") for number in suites]
    insecure = {name: [why for word, why in WEAK.items() if word in name] for name in names}
    insecure = {name: reasons for name, reasons in insecure.items() if reasons}
    return {
        "given_cipher_suites": names,
        "ephemeral_keys_supported": any("DHE" in name or "_WITH_" not in name for name in names),
        "session_ticket_supported": SESSION_TICKET in extensions,
        "tls_compression_supported": False,
        "insecure_cipher_suites": insecure,
        "tls_version": secure.version().replace("TLSv", "TLS "),
        "rating": "Bad" if insecure else "Probably Okay",
    }


def peek_hello(raw):
    """(cipher suites, extensions) that a client offers, which OpenSSL reads afterwards (RFC 8446 section 4.1.2)."""
    record = raw.recv(5, socket.MSG_PEEK | socket.MSG_WAITALL)
    record = raw.recv(5 + int.from_bytes(record[3:5], "big"), socket.MSG_PEEK | socket.MSG_WAITALL)
    at = 5 + 4 + 2 + 32
    at += 1 + record[at]  # the session
    end = at + 2 + int.from_bytes(record[at:at + 2], "big")
    suites = [int.from_bytes(record[place:place + 2], "big") for place in range(at + 2, end, 2)]
    at = end + 1 + record[end] + 2  # compression, and the length of the extensions
    extensions = []
    while at < len(record):
        extensions.append(int.from_bytes(record[at:at + 2], "big"))
        at += 4 + int.from_bytes(record[at + 2:at + 4], "big")
    return suites, extensions


@cache
def suite_names():
    """{number: name} as openssl knows them: `0xC0,0x2C - TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 - ...`."""
    command = [find_tool("openssl"), "ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"]
    lines = subprocess.check_output(command, text=True).splitlines()
    return {int(number.replace(",0x", ""), 16): name for number, _, name, *_ in map(str.split, lines)}
