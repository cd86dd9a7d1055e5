"""A connection as the application sees it: who is there, over which TLS, and what it keeps for as long as it lives.

Made when somebody asks, so that a connection nobody asks about costs nothing. Layer 5.
"""


class Session:
    """One connection: `peer_address` (host, port), `tls` (None on plain TCP), `context` (a dictionary), `close()`.

    `received` and `sent` are bytes of what TLS carries, or of TCP where there is none.
    """

    __slots__ = ("_tls", "_transport", "context", "peer_address")

    def __init__(self, transport, peer_address):
        self._transport = transport
        self._tls = None
        self.peer_address = peer_address
        self.context = {}

    @property
    def tls(self):
        """The Tls of this connection, None on plain TCP or before the handshake is done."""
        channel = self._transport.channel
        if self._tls is None and channel.is_secure and channel.is_established and not self._transport.is_closed:
            self._tls = Tls(channel.facts())
        return self._tls

    @property
    def received(self):
        """Bytes that have come, heads and all, without TLS's own."""
        return self._transport.channel.bytes_in

    @property
    def sent(self):
        """Bytes that the system has taken, heads and all, without TLS's own."""
        return self._transport.channel.bytes_out

    @property
    def is_open(self):
        """Whether the connection still stands."""
        return not self._transport.is_closed

    def close(self):
        """Close the connection; may be called twice."""
        self._transport.close()


class Tls:
    """What a handshake agreed on: `version`, `cipher`, `alpn` or None, `resumed`, `peer_certificate` (DER or None).

    Of that certificate: `fingerprint` (SHA-256, hexadecimal), `peer_names` (a list), `peer_common_name`, `peer_serial`.
    """

    __slots__ = ("alpn", "cipher", "fingerprint", "peer_certificate", "peer_common_name", "peer_names", "peer_serial",
                 "resumed", "version")

    def __init__(self, facts):
        self.version, self.cipher, self.alpn, self.resumed, self.peer_certificate = facts

    def __getattr__(self, name):
        if name not in ("fingerprint", "peer_names", "peer_common_name", "peer_serial"):
            raise AttributeError(name)
        from .peer import peer_fact

        value = peer_fact(self.peer_certificate, name)
        setattr(self, name, value)
        return value
