"""MicroPython's `tls`: a handshake that looks at the peer's chain and goes no further. Layer 3."""

import tls

from ...errors import MicrohttpsError, NetworkError, PeerError, TrustError
from .client import ClientChannel


class ScoutChannel(ClientChannel):
    """Ends its handshake at the peer's certificates, which `chain` holds then (DER, the peer's own first).

    It verifies nothing and never becomes a connection: nothing can be sent or received over it.
    """

    _lack = None  # of memory for a certificate

    def __init__(self, raw, host):
        context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
        context.verify_mode = tls.CERT_OPTIONAL  # the chain is shown, whatever it is
        self.chain = []
        super().__init__(context, raw, host, None)

    def handshake(self):
        """True when the chain was seen, False when it must wait; raises PeerError, TrustError, NetworkError."""
        try:
            super().handshake()
        except MicrohttpsError:
            if self._leaf is None:
                raise
        if self._leaf == b"":  # under TLS 1.2 Mbed TLS shows nothing of a certificate that it cannot read
            raise TrustError("certificate_refused", host=self._host)
        if self.is_established:
            raise PeerError("handshake_failed")  # without a certificate it is nobody
        return self._leaf is not None

    def _see(self, certificate, depth):
        try:
            self.chain.insert(0, bytes(certificate))
        except MemoryError as error:
            self._lack = error
            return -1
        self._leaf = self.chain[0] if depth == 0 else None
        return 0 if depth else -1

    def _classified(self, error):
        # What was seen ends the handshake: nobody asks for the reason, and a board need not load the reasons.
        return NetworkError("reset") if self._leaf is not None else super()._classified(self._lack or error)

    def _told_apart(self, error):
        return error

    def receive(self):
        """What the handshake reads; once the chain was seen, nothing: raises NetworkError."""
        if self._leaf is not None:
            raise NetworkError("reset")
        return super().receive()

    def send(self, data):
        """Nothing, ever: raises NetworkError."""
        raise NetworkError("reset")
