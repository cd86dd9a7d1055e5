"""MicroPython's `tls`: the server's channel where clients show certificates. Layer 3.

The verify callback belongs to the context, which all handshakes share: it is set around each step, because steps of
several handshakes take turns. Firmware without `getpeercert` (rp2) shows the certificate nowhere else. The callback
cannot make a bad certificate good: Mbed TLS keeps its own verdict, and any other answer than 0 ends the handshake.
"""

from ...errors import MicrohttpsError
from .engine import Channel


class MutualChannel(Channel):
    """The server's side of a connection to a client whose certificate is wanted."""

    _leaf = None

    def __init__(self, context, raw):
        self._context = context
        Channel.__init__(self, context, raw)

    def handshake(self):
        """As Channel.handshake; raises TrustError for a certificate that is missing or not to be believed."""
        context = self._context
        context.verify_callback = self._see
        try:
            is_done = Channel.handshake(self)
        except MicrohttpsError as error:
            raise told_apart(error, self._leaf)
        finally:
            context.verify_callback = None
        if is_done and hasattr(self._tls, "getpeercert"):
            self._leaf = None
        return is_done

    def judge_shown(self):
        """Nothing: Mbed TLS has judged it, because there had to be one."""

    def _see(self, certificate, depth):
        # Each certificate of the chain, the client's own last. Nothing may be raised through Mbed TLS's frames.
        try:
            if depth == 0:
                self._leaf = bytes(certificate)
        except MemoryError:
            return -1
        return 0

    def facts(self):
        """As Channel.facts."""
        version, cipher, alpn, resumed, certificate = Channel.facts(self)
        return version, cipher, alpn, resumed, certificate or self._leaf


def told_apart(error, leaf):
    """The error, told apart further by what was seen of the client's own certificate (DER or None)."""
    if error.code == "untrusted_issuer" and leaf:
        from ..leaf import is_self_signed

        try:
            if is_self_signed(leaf):
                error.code = "self_signed"
        except (IndexError, ValueError):
            pass  # not even that can be read
    return error
