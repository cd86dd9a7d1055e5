"""MicroPython's `tls`: the client's context and channel, which sees and judges the peer's certificate. Layer 4."""

import tls

from ..errors import MicrohttpsError, NetworkError, TrustError, Unsupported
from .micropython import Channel
from .micropython_contexts import load_identity, load_trust


def client_context(trust, identity, settings):
    """A context for the client's side; it verifies chain, name and dates unless the trust says pins or `danger_…`."""
    if settings is not None and settings.session_tickets:
        raise Unsupported("unsupported", setting="session_tickets")
    if trust.kind == "system":
        raise Unsupported("no_system_roots")
    if trust.crl is not None:
        raise Unsupported("no_crl")
    if trust.kind == "public":
        return Undecided(identity)
    context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
    if not trust.is_by_authority():
        context.verify_mode = tls.CERT_OPTIONAL  # the certificate is asked for and seen, and its flags are not judged
    else:
        load_trust(context, trust)
    if identity is not None:
        load_identity(context, identity)
    return context


class Undecided:
    """In place of a context for the public roots: which of them it needs is found for each host (`discovery`)."""

    def __init__(self, identity):
        self.identity = identity


class ClientChannel(Channel):
    """The client's side of a connection to `host`. Its handshake is over when there is a certificate of the peer."""

    is_server = False
    _leaf = None
    _depth = 0  # how many certificates were shown above the peer's own

    def __init__(self, context, raw, host, trust, ticket=None):
        self.raw = raw
        self._host = host
        self._trust = trust
        self._context = context
        self._wrap(context)

    def handshake(self):
        """True when done, False when it must wait (see `wants`); raises TrustError, PeerError or NetworkError."""
        context = self._context
        context.verify_callback = self._see
        try:
            self._early = self.receive()
            if self._early == b"":
                raise NetworkError("reset")
        except MicrohttpsError as error:
            raise self._told_apart(error)
        finally:
            context.verify_callback = None
        self.is_established = self._early is not None or self._has_session()
        if self.is_established:
            # Not before: only now it is proved that the peer has the key which is to be kept.
            if self._trust.kind == "first_use":
                self._trust.judge(self._leaf, self._host)
            self._leaf = None
        return self.is_established

    def _has_session(self):
        # Firmware without getpeercert (rp2) tells no more than that the certificate was seen; what is still missing
        # of the handshake then fails in the first read or write, with the same codes.
        if self._leaf is None:
            return False
        ask = getattr(self._tls, "getpeercert", None)
        return ask is None or ask(True) is not None

    def _see(self, certificate, depth):
        # Mbed TLS shows each certificate of the chain, the peer's own last (depth 0); any other answer than 0 ends
        # the handshake.
        self._depth = max(self._depth, depth)
        if depth == 0:
            self._leaf = bytes(certificate)
            if self._trust.kind == "pinned":
                return self._judge_pin()
        return 0

    def _judge_pin(self):
        try:
            self._trust.judge(self._leaf, self._host)
        except TrustError as error:
            self._late_error = error
            return -1
        return 0

    def _told_apart(self, error):
        """The error, told apart further by what was seen of the peer's certificate."""
        if isinstance(self._late_error, MicrohttpsError):
            return self._late_error
        if error.code == "untrusted_issuer" and self._leaf:
            from ..x509 import tell_issuer

            tell_issuer(error, [self._leaf] * (1 + self._depth))
        return error
