"""OpenSSL, through CPython's `ssl`: the non-blocking channels; contexts and faults stand beside this file.

Read and written directly on a non-blocking socket, without memory BIOs: one record in, one record out, no copy
between. Knows no HTTP, no waiting, no port. Layer 3.
"""

import ssl

from ...errors import TrustError
from ..final_alert import has_refused
from .contexts import client_context, server_context
from .faults import classify, is_end

NAME = "openssl"
VERSION = " ".join(ssl.OPENSSL_VERSION.split()[:2])  # without its date
CAN = {"session_tickets", "alpn", "peer_certificate", "client_certificate", "close_notify", "encrypted_key",
       "system_trust", "public_roots", "identities", "minimum_tls", "maximum_tls", "ciphers", "curves",
       "handshake_end", "crl"}  # fmt: skip
REASONS = {}  # why it cannot what is not in CAN: nothing is missing
READ, WRITE = 1, 2
ENCODING_DER = 2  # _ssl.ENCODING_DER

__all__ = ["CAN", "NAME", "REASONS", "Channel", "ClientChannel", "channel_for", "client_context", "server_context"]


def channel_for(trust, choices):
    """The class of the channels of a server with this trust (or None) and these choices (see tls_limits)."""
    if not (choices.get("alpn") or choices.get("identities")):
        return Channel
    from .choices import ChoosingChannel, ProtocolChannel

    return ProtocolChannel if choices.get("alpn") else ChoosingChannel


class Channel:
    """One TLS connection over a non-blocking socket; `raw` is the socket to wait for, and is closed with it."""

    __slots__ = ("_host", "_tls", "bytes_in", "bytes_out", "is_established", "raw", "wants", "was_cut")
    capacity = 16 * 1024  # a whole record: then OpenSSL holds nothing back that polling the socket would not show
    is_secure = True
    is_server = True

    def __init__(self, context, raw, host=None, ticket=None):
        self._host = host
        self.raw = raw
        self.wants = READ
        self.was_cut = False
        self.is_established = False
        self.bytes_in = self.bytes_out = 0
        try:
            # What ssl.SSLSocket wraps (3.10 to 3.14). Without its frames a request takes 5 % less, without its second
            # socket object a connection 1 KB and 12 us (measured). To be deleted when wrap_socket costs no more.
            self._tls = context._wrap_socket(raw, self.is_server, host, session=ticket)
        except (OSError, ValueError, UnicodeError) as error:
            raw.close()
            raise classify(error, host)

    def handshake(self):
        """True when done, False when it must wait (see `wants`); raises TrustError, PeerError or NetworkError."""
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            self.wants = READ
            return False
        except ssl.SSLWantWriteError:
            self.wants = WRITE
            return False
        except (OSError, ValueError) as error:
            raise self._failed(error)
        self.is_established = True
        return True

    def _failed(self, error):
        """Why the handshake failed. Not said in `handshake`: an error that its own frame names is a circle, and its
        connection stays until the collector comes by."""
        fault = classify(error, self._host)
        if fault.code == "reset" and has_refused(self.raw):
            return TrustError("handshake_refused", cause=error)
        return fault

    def receive(self):
        """What has arrived: bytes, b"" at the end, or None when nothing is there yet (see `wants`)."""
        try:
            data = self._tls.read(16384)
            self.bytes_in += len(data)
            return data
        except ssl.SSLWantReadError:
            self.wants = READ
        except ssl.SSLWantWriteError:
            self.wants = WRITE
        except ssl.SSLZeroReturnError:
            return b""
        except (OSError, ValueError) as error:
            if is_end(error):
                self.was_cut = True  # no close_notify: the end of a body may only be believed from its framing
                return b""
            raise classify(error, self._host, self.bytes_in)
        return None

    def send(self, data):
        """How many bytes were taken; 0 when it would block (see `wants`), and then the same bytes must come again."""
        try:
            count = self._tls.write(data)
            self.bytes_out += count
            return count
        except ssl.SSLWantWriteError:
            self.wants = WRITE
        except ssl.SSLWantReadError:
            self.wants = READ
        except (OSError, ValueError) as error:
            raise classify(error, self._host, self.bytes_in)
        return 0

    def close_notify(self):
        """Tell the peer that nothing more follows (RFC 8446 section 6.1); does not wait for its own notice."""
        if self.is_established:
            self.is_established = False  # once is enough
            try:
                self._tls.shutdown()
            except (OSError, ValueError):
                pass  # it would have to wait for the peer's notice, or the peer is gone: either way ours was tried

    def close(self):
        """Close the socket; may be called twice."""
        self.raw.close()

    def facts(self):
        """(version, cipher, alpn, resumed, certificate of the peer as DER or None) of an established connection."""
        tls = self._tls
        return tls.version(), tls.cipher()[0], tls.selected_alpn_protocol(), tls.session_reused, tls.getpeercert(True)


class ClientChannel(Channel):
    """The client's side of a connection to `host`; pins are judged before anything is sent."""

    __slots__ = ("_trust",)
    is_server = False
    reads_ahead = False  # never more than one record is taken from the socket, and all of it is given

    def __init__(self, context, raw, host, trust, ticket=None):
        self._trust = trust
        super().__init__(context, raw, host, ticket)

    def ticket(self):
        """What resumes this TLS session on another connection of the same context (RFC 8446 section 2.2), or None."""
        return self._tls.session

    def handshake(self):
        """As Channel.handshake; raises TrustError("wrong_pin") besides."""
        try:
            if not super().handshake():
                return False
        except TrustError as error:
            from ...wire.x509 import tell_apart

            chain = [shown.public_bytes(ENCODING_DER) for shown in self._tls.get_unverified_chain() or ()]
            if chain:
                tell_apart(error, chain)
            raise
        if not self._trust.is_by_authority():
            self._trust.judge(self._tls.getpeercert(True), self._host)
        return True
