"""MicroPython's `tls`: a chain verified by a handshake with ourselves, in memory, for a chain put in another order.

Mbed TLS verifies only what a peer shows. So we are that peer, too: we show the chain, with a key that is not its own.
A client of ours verifies the chain in full, name and dates included, before it sees the key's signature and refuses
that; no other end than this refusal is a yes. Needs two TLS connections' memory for a moment. Layer 3.
"""

import io
import os

import tls

from ...errors import MicrohttpsError, PeerError
from .client import ClientChannel, client_context

# SSL_HANDSHAKE_FAILURE (TLS 1.3), ECP_VERIFY_FAILED, RSA_VERIFY_FAILED (TLS 1.2): how a signature by another key ends
# a handshake in which the certificates were found good.
_OTHER_KEY = -0x6E00, -0x4E00, -0x4380
_TURNS = 20
# An ECPrivateKey (RFC 5915) on P-256, around the number itself
_KEY_BEFORE, _KEY_BEHIND = b"\x30\x31\x02\x01\x01\x04\x20", b"\xa0\x0a\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"


class _End(io.IOBase):
    """One end of a pipe: a stream that never blocks."""

    def __init__(self):
        self.arrived = b""
        self.other = None

    def readinto(self, buffer):
        count = min(len(buffer), len(self.arrived))
        if count == 0:
            return None
        buffer[:count] = self.arrived[:count]
        self.arrived = self.arrived[count:]
        return count

    def write(self, data):
        self.other.arrived += bytes(data)
        return len(data)

    def ioctl(self, request, argument):
        return 0

    def setblocking(self, flag):
        pass

    def close(self):
        pass


def rehearse(chain, trust, host):
    """Return if this chain (DER, in order, the host's own first) is to be believed of the host; else raise TrustError.

    Where the rehearsal itself fails it raises PeerError, OutOfMemory or TrustError("handshake_refused").
    """
    ours, theirs = _End(), _End()
    ours.other, theirs.other = theirs, ours
    peer = _peer(theirs, chain)
    channel = ClientChannel(client_context(trust, None, None), ours, host, trust)
    try:
        for _ in range(_TURNS):
            if channel.handshake():
                raise PeerError("handshake_failed")  # with a key that nobody has
            _answer(peer)
        raise PeerError("handshake_failed")
    except MicrohttpsError as error:
        if error.facts.get("reason") not in _OTHER_KEY or channel._leaf != chain[0]:
            raise
    finally:
        channel.close()
        peer.close()
    if channel._is_to_be_judged():
        channel._judge()


def _peer(stream, chain):
    context = tls.SSLContext(tls.PROTOCOL_TLS_SERVER)
    key = _KEY_BEFORE + b"\x01" + os.urandom(31) + _KEY_BEHIND
    try:
        for certificate in chain:  # each is put behind the one before: not all firmware reads PEM, which holds several
            context.load_cert_chain(certificate, key)
        return context.wrap_socket(stream, server_side=True, do_handshake_on_connect=False)
    except (OSError, ValueError) as error:
        raise PeerError("handshake_failed", cause=error)


def _answer(peer):
    try:
        peer.read(1)
    except OSError:
        pass  # it sends what it can until it fails; what the client makes of that is what counts
