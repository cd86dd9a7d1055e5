"""MicroPython's `tls`: the client's context and channel, which sees and judges the peer's certificate. Layer 3."""

import tls

from ...errors import MicrohttpsError, NetworkError, OutOfMemory, TrustError, Unsupported
from .contexts import load_identity, load_trust
from .engine import Channel

_SUBJECT_ALT_NAME = b"\x06\x03\x55\x1d\x11"
_RULES = b"\x06\x03\x55\x1d\x25", b"\x06\x03\x55\x1d\x1e"  # extendedKeyUsage, nameConstraints
_ANY_USAGE = b"\x06\x04\x55\x1d\x25\x00"


def blank_context():
    """A context for `client_context` to make its own of; believes nobody."""
    return tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)


def client_context(trust, identity, settings, blank=None):
    """A context for the client's side; it verifies chain, name and dates unless the trust says pins or `danger_…`.

    It is made of the `blank` one where there is one, which nobody else uses.
    """
    if settings is not None and settings.session_tickets:
        raise Unsupported("unsupported", setting="session_tickets")
    if trust.kind == "system":
        raise Unsupported("no_system_roots")
    if trust.kind == "public":
        return Undecided(identity)
    context = blank or blank_context()
    if not trust.is_by_authority():
        context.verify_mode = tls.CERT_OPTIONAL  # the certificate is asked for and seen, and its flags are not judged
    else:
        load_trust(context, trust)
    if identity is not None:
        load_identity(context, identity)
    if settings is not None and settings.danger_rsa_key_exchange:
        from .choices import exchange_by_rsa

        exchange_by_rsa(context)
    return context


class Undecided:
    """In place of a context for the public roots: which of them it needs is found for each host (`discovery`)."""

    is_undecided = True

    def __init__(self, identity):
        self.identity = identity


class ClientChannel(Channel):
    """The client's side of a connection to `host`. Its handshake is over when there is a certificate of the peer."""

    is_server = False
    reads_ahead = True  # the handshake is known to be over by what came behind it
    _leaf = None
    depth = 0  # how many certificates were shown above the peer's own
    _above = ()  # those of them that may have rules which Mbed TLS does not know

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
            elif self._leaf and self._trust.is_by_authority() and self._is_to_be_judged():
                self._judge()
            self._leaf = None
            self._above = ()
        return self.is_established

    def _is_to_be_judged(self):
        """Whether there is anything that Mbed TLS takes for good and that may not be (see strict)."""
        host, leaf = self._host, self._leaf
        return (self._above or _SUBJECT_ALT_NAME not in leaf or _ANY_USAGE in leaf
                or b"*." in leaf and host.count(".") == 1
                or host[-1:].isdigit() or ":" in host)  # an address, most likely

    def _judge(self):
        from ..strict import judge

        try:
            judge(self._leaf, self._above, self._host)
        except TrustError as error:
            raise self._told_apart(error)

    def _has_session(self):
        # Firmware without getpeercert (rp2) tells no more than that the certificate was seen; what is still missing
        # of the handshake then fails in the first read or write, with the same codes.
        if self._leaf is None:
            return False
        ask = getattr(self._tls, "getpeercert", None)
        return ask is None or ask(True) is not None

    def _see(self, certificate, depth):
        # Mbed TLS shows each certificate of the chain, the peer's own last (depth 0); any other answer than 0 ends
        # the handshake. Nothing may be raised through its frames.
        self.depth = max(self.depth, depth)
        try:
            certificate = bytes(certificate)
            if depth == 0:
                self._leaf = certificate
                if self._trust.kind == "pinned":
                    return self._judge_pin()
            elif _RULES[0] in certificate or _RULES[1] in certificate:
                self._above += (certificate,)
        except MemoryError as error:
            self._late_error = OutOfMemory("out_of_memory", cause=error)
            return -1
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
        if self._leaf and isinstance(error, TrustError):
            try:
                from ...wire.x509 import tell_apart

                tell_apart(error, [self._leaf] * (1 + self.depth))
            except MemoryError:
                pass  # then it is told without
        elif self._leaf:
            from .faults import tell_rsa

            tell_rsa(error, self._leaf)
        return error
