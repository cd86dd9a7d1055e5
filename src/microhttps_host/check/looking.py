"""A look at how a server speaks TLS, believed or not: version, cipher, its certificates, and the sizes of its records.

TLS is done beside the socket (two memory BIOs), so that every record passes by here and is measured. Old versions and
weak ciphers are offered as well: what a server speaks is to be seen, not to be relied on. Layer 13.
"""

import socket
import ssl
from dataclasses import dataclass
from typing import Any

from cryptography import x509

from microhttps import Identity
from microhttps.engines.openssl.contexts import load_identity
from microhttps.engines.openssl.faults import classify
from microhttps.errors import DeadlineError, PeerError

from ..site_chain import chain_of
from .wires import PIECE, Deadline, Plain

ALL_CIPHERS = "DEFAULT:@SECLEVEL=0"
HEADER = 5  # bytes of a record's head: type, version, length (RFC 8446 section 5.1)
CONTENT_TYPES = range(20, 25)
IN_HTTP_1 = {"HTTP": ("http/1.1",), "WebSocket": ("http/1.1",)}  # what we can go on in
ALL_PROTOCOLS = {"HTTP": ("h2", "http/1.1"), "WebSocket": ("http/1.1",)}  # to be seen


class Records:
    """Measures the records of a stream of bytes: the longest since that was set to 0, and the first bytes of all."""

    def __init__(self) -> None:
        self.longest = 0
        self.first = b""
        self._head = b""
        self._left = 0
        self._is_tls = True

    def take(self, data: bytes) -> None:
        self.first += data[: 64 - len(self.first)]
        at = 0
        while self._is_tls and at < len(data):
            if self._left:
                step = min(self._left, len(data) - at)
                self._left -= step
            else:
                step = HEADER - len(self._head)
                self._head += data[at : at + step]
                step = min(step, len(data) - at)
                if len(self._head) == HEADER:
                    self._begin(self._head)
                    self._head = b""
            at += step

    def _begin(self, head: bytes) -> None:
        self._is_tls = head[0] in CONTENT_TYPES
        self._left = int.from_bytes(head[3:], "big")
        self.longest = max(self.longest, self._left) if self._is_tls else self.longest


class Tapped:
    """TLS over a connected socket, whose records are measured; blocks, within the time that `settimeout` gives."""

    def __init__(
        self, raw: socket.socket, context: ssl.SSLContext, name: str, seconds: float, records: Records | None = None,
        session: Any = None,
    ) -> None:  # fmt: skip
        self._raw = raw
        self._plain = Plain(raw)
        self._name = name
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.records = records or Records()
        self.was_cut = False
        self._deadline = Deadline(seconds, "handshake_timeout")
        try:
            self.tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name, session=session)
            self._run(self.tls.do_handshake)
        except (ssl.SSLError, ValueError) as error:
            self.close()
            raise classify(error, name) from error
        except BaseException:
            self.close()
            raise

    def settimeout(self, seconds: float) -> None:
        self._deadline = Deadline(seconds, "recv_timeout")

    def recv(self, size: int) -> bytes:
        try:
            return bytes(self._run(self.tls.read, size))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError) as error:
            self.was_cut = isinstance(error, ssl.SSLEOFError)
            return b""
        except ssl.SSLError as error:
            raise classify(error, self._name) from error

    def write(self, data: bytes) -> int:
        try:
            return int(self._run(self.tls.write, data))
        except ssl.SSLError as error:
            raise classify(error, self._name) from error

    def close(self) -> None:
        self._raw.close()

    def _run(self, operation: Any, *arguments: Any) -> Any:
        """Do it, and what it needs of the network."""
        while True:
            try:
                result = operation(*arguments)
            except ssl.SSLWantReadError:
                self._flush()
                self._fill()
            except ssl.SSLError:
                self._flush()  # our alert
                raise
            else:
                self._flush()
                return result

    def _flush(self) -> None:
        data = self._outgoing.read()
        if data:
            self._plain.settimeout(self._deadline.left())
            self._plain.write(data)

    def _fill(self) -> None:
        self._plain.settimeout(self._deadline.left())
        try:
            data = self._plain.recv(PIECE)
        except DeadlineError as error:
            raise self._deadline.error(error) from error
        if data:
            self.records.take(data)
            self._incoming.write(data)
        else:
            self._incoming.write_eof()


@dataclass
class Look:
    """What was seen of a handshake."""

    version: str
    cipher: str
    alpn: str | None
    chain: list[x509.Certificate]
    longest_record: int
    fault: PeerError | None  # why there is no chain, although certificates were sent

    def facts(self) -> dict[str, Any]:
        return {"version": self.version, "cipher": self.cipher, "alpn": self.alpn,
                "longest_handshake_record": self.longest_record}  # fmt: skip


def look(stream: Tapped) -> Look:
    """What is to be seen of this connection, and hang up."""
    tls = stream.tls
    cipher = tls.cipher()
    chain, fault = [], None
    try:
        chain = chain_of(tls)
    except PeerError as error:
        fault = error
    finally:
        stream.close()
    return Look(tls.version() or "", cipher[0] if cipher else "", tls.selected_alpn_protocol(), chain,
                stream.records.longest, fault)  # fmt: skip


def blind_context(protocols: Any, identity: Identity | None, version: Any = None) -> ssl.SSLContext:
    """A context that believes anyone, and offers all that OpenSSL still has, or one `version` alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers(ALL_CIPHERS)
    if version is not None:
        context.minimum_version = context.maximum_version = version
    if identity is not None:
        load_identity(context, identity)
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context
