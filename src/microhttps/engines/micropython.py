"""MicroPython's `tls` (Mbed TLS): contexts, the non-blocking channel, and its errors in our words.

`tls`, never `ssl`: the wrapper of that name turns verification off. Nothing here calls `cipher()` before bytes have
arrived: it reads a session that is not there yet and takes the interpreter down (1.25, segmentation fault).
The handshake runs inside reads. On a server it is known to be over when the client's first byte arrives, on a client
when there is a certificate of the peer. The only file that knows -0x2700. Knows no HTTP, no waiting. Layer 3.
"""

import tls

from ..buffer import CAPACITY, read_stream
from ..errors import MicrohttpsError, NetworkError, OutOfMemory, PeerError, TrustError, Unsupported, UsageError

NAME = "mbedtls"
CAN = {"peer_certificate"}
READ, WRITE = 1, 2


def server_context(identity, trust, settings):
    """A context for the server's side; raises UsageError when certificate or key cannot be used."""
    if settings is not None:
        for name in ("session_tickets", "alpn"):
            if getattr(settings, name):
                raise Unsupported("unsupported", "MicroPython's TLS has no such setting", setting=name)
    context = tls.SSLContext(tls.PROTOCOL_TLS_SERVER)
    _load_identity(context, identity)
    if trust is not None:
        _load_trust(context, trust)
        context.verify_mode = tls.CERT_REQUIRED
    return context


def client_context(trust, identity, settings):
    """A context for the client's side; it verifies chain, name and dates unless the trust says pins or `danger_…`."""
    context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
    if trust.kind == "public":
        raise Unsupported("no_root_store", "this board has no public roots yet: name a CA with Trust.load(file)")
    if trust.kind in ("pinned", "danger_anyone"):
        context.verify_mode = tls.CERT_OPTIONAL  # the certificate is asked for and seen, and its flags are not judged
    else:
        _load_trust(context, trust)
    if identity is not None:
        _load_identity(context, identity)
    return context


def authority_form(data):
    """A certificate authority as this engine loads it: PEM and DER alike are bytes."""
    return data


def _load_trust(context, trust):
    for certificate in trust.certificates():
        try:
            context.load_verify_locations(cadata=certificate)
        except (OSError, ValueError) as error:
            raise UsageError("bad_certificate_file", "not a certificate that can be trusted", cause=error)


def _load_identity(context, identity):
    certificate, key = identity.der()
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ValueError) as error:
        raise UsageError("bad_certificate_file", "not a certificate with its private key", cause=error,
                         certificate=identity.name)


class Channel:
    """One TLS connection over a non-blocking socket (`raw`, the socket to wait for and to close, stays ours)."""

    __slots__ = ("_context", "_early", "_host", "_is_server", "_late_error", "_leaf", "_tls", "_trust",
                 "is_established", "raw", "wants", "was_cut")
    capacity = CAPACITY
    is_secure = True

    def __init__(self, context, raw, server_side, host=None, trust=None):
        self.raw = raw
        self.wants = READ
        self.was_cut = False
        self.is_established = False
        self._early = None
        self._late_error = None
        self._leaf = None
        self._host = host
        self._trust = trust
        self._is_server = server_side
        self._context = None if server_side else context  # for the verify callback, until the handshake is over
        try:
            self._tls = context.wrap_socket(raw, server_side=server_side, server_hostname=host,
                                            do_handshake_on_connect=False)
        except (MemoryError, OSError, ValueError) as error:
            raw.close()
            raise classify(error, server_side, host)

    def handshake(self):
        """True when done, False when it must wait (see `wants`); raises TrustError, PeerError or NetworkError."""
        context = self._context
        if context:
            context.verify_callback = self._see
        try:
            data = self.receive()
            if data == b"":
                raise NetworkError("reset", "the peer closed the connection without notice")
        except MicrohttpsError as error:
            raise self._better(error)
        finally:
            if context:
                context.verify_callback = None
        self._early = data
        self.is_established = data is not None or (self._leaf is not None and self._has_session())
        if self.is_established:
            self._leaf = self._context = None
        return self.is_established

    def _has_session(self):
        # Firmware without getpeercert (rp2) tells no more than that the certificate was seen; what is still missing
        # of the handshake then fails in the first read or write, with the same codes.
        ask = getattr(self._tls, "getpeercert", None)
        return ask is None or ask(True) is not None

    def _see(self, certificate, depth):
        # Mbed TLS shows each certificate of the chain, the peer's own last (depth 0); any other answer than 0 ends
        # the handshake with an alert.
        if depth == 0:
            self._leaf = bytes(certificate)
            if self._trust and self._trust.kind == "pinned":
                import hashlib

                try:
                    self._trust.check_pin(hashlib.sha256(certificate).digest(), self._host)
                except TrustError as error:
                    self._late_error = error
                    return -1
        return 0

    def _better(self, error):
        """The error, told apart further by what was seen of the peer's certificate."""
        if self._late_error:
            return self._late_error
        if error.code == "untrusted_issuer" and self._leaf:
            from ..x509 import certificate_facts

            if certificate_facts(self._leaf).is_self_signed:
                error.code = "self_signed"
        return error

    def receive(self):
        """What has arrived: bytes, b"" at the end, or None when nothing is there yet (see `wants`)."""
        data = self._early
        if data:
            self._early = None
            return data
        error = self._late_error
        if error is None:
            data, error = read_stream(self._tls)
            if data is None:
                self.wants = READ
            if error is None or data:
                self._late_error = error
                return data
        if self.is_established and isinstance(error, OSError) and error.args[0] == -0x7280:  # SSL_CONN_EOF
            self.was_cut = True  # no close_notify: the end of a body may only be believed from its framing
            return b""
        raise classify(error, self._is_server and not self.is_established, self._host)

    def send(self, data):
        """How many bytes were taken; 0 when it would block (see `wants`), and then the same bytes must come again."""
        try:
            count = self._tls.write(data)
        except (OSError, ValueError) as error:
            raise classify(error, self._is_server and not self.is_established, self._host)
        if count is None:
            self.wants = WRITE
            return 0
        return count

    def close_notify(self):
        """Nothing: MicroPython's TLS cannot send it."""

    def close(self):
        """Close the TLS object, then the socket, which a failed handshake leaves open; may be called twice."""
        self._tls.close()
        self.raw.close()

    def facts(self):
        """(version, cipher, alpn, resumed, certificate of the peer as DER or None) of an established connection."""
        cipher, version = self._tls.cipher()
        ask = getattr(self._tls, "getpeercert", None)
        return version, cipher, None, False, ask(True) if ask else None


def classify(error, server_side, host=None):
    """Mbed TLS's exception as ours, with the original in `cause`; never raises."""
    if isinstance(error, MicrohttpsError):
        return error
    if isinstance(error, ValueError):
        return TrustError(_verify_code(str(error)), "the certificate was refused", cause=error, host=host)
    number = error.args[0] if isinstance(error, OSError) else 12
    if number == 12 or number == -0x7F00:  # ENOMEM, SSL_ALLOC_FAILED
        return OutOfMemory("out_of_memory", "no memory for a TLS connection", cause=error)
    if number == -0x7680 or number == -0x2700:  # SSL_CA_CHAIN_REQUIRED, X509_CERT_VERIFY_FAILED
        return TrustError("untrusted_issuer", "the certificate was refused", cause=error, host=host)
    if number == -0x7200 or number == -0x7E80:  # SSL_INVALID_RECORD
        return PeerError("peer_is_not_tls", "the peer does not speak TLS on this port", cause=error)
    # SSL_FATAL_ALERT_MESSAGE. Seen by a server whose certificate the client refused: under TLS 1.3 the alert comes
    # under keys not yet in use (SSL_INVALID_MAC), under TLS 1.2 the client is gone while we still send (EPIPE).
    if number == -0x7780 or (server_side and number in (-0x7180, 32)):
        return TrustError("handshake_refused", "the peer ended the handshake with an alert", cause=error)
    if number > 0 or number == -0x7280:  # a socket's errno; SSL_CONN_EOF
        return NetworkError("reset", "the peer closed the connection without notice", cause=error)
    return PeerError("handshake_failed", "no TLS connection could be agreed on", cause=error, reason=number)


def _verify_code(text):
    """Our code for Mbed TLS's lines, of which the first in OpenSSL's order of checking counts."""
    for words, code in (("not correctly signed by the trusted", "untrusted_issuer"), ("does not match", "wrong_name"),
                        ("starts in the future", "not_yet_valid"), ("has expired", "expired"), ("revoked", "revoked")):
        if words in text:
            return code
    return "certificate_refused"
