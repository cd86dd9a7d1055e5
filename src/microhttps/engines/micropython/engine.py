"""MicroPython's `tls` (Mbed TLS): the server's channel. Contexts and what a client needs stand beside this file.

`tls`, never `ssl`: the wrapper of that name turns verification off. Nothing here calls `cipher()` before bytes have
arrived: it reads a session that is not there yet and takes the interpreter down (1.25, segmentation fault).
The handshake runs inside reads: on a server it is known to be over when the client's first byte arrives. Knows no
HTTP, no waiting. Layer 3.
"""

from ...errors import NetworkError
from ...wire.buffer import CAPACITY, read_stream

READ, WRITE = 1, 2
SSL_CONN_EOF = -0x7280


def __getattr__(name):
    if name[0] == "_":  # a class that has this module as an attribute asks it for __get__ and its like
        raise AttributeError(name)
    room = "contexts" if name == "server_context" else "client"
    if name == "ScoutChannel":
        room = "scout"
    if name in ("CAN", "NAME"):
        room = "abilities"
    if name == "REASONS":
        room = "reasons"
    if name == "channel_for":
        room = "channels"
    if name == "patient":
        room = name
    if name == "rehearse":
        room = "rehearsal"
    module = __import__("microhttps.engines.micropython." + room, None, None, (name,))
    return getattr(module, name)


class Channel:
    """One TLS connection over a non-blocking socket; `raw` is the socket to wait for, and is closed with it."""

    capacity = CAPACITY
    is_secure = True
    is_server = True
    is_established = False
    was_cut = False
    bytes_in = bytes_out = 0
    wants = READ
    _host = None
    _early = None  # what came with the end of the handshake, to be received first
    _late_error = None  # what came behind the last bytes, to be raised next

    def __init__(self, context, raw):
        self.raw = raw
        self._wrap(context)

    def _wrap(self, context):
        try:
            self._tls = context.wrap_socket(self.raw, server_side=self.is_server, server_hostname=self._host,
                                            do_handshake_on_connect=False)
        except (MemoryError, OSError, ValueError) as error:
            self.raw.close()
            raise self._classified(error)

    def handshake(self):
        """True when done, False when it must wait (see `wants`); raises TrustError, PeerError or NetworkError."""
        self._early = self.receive()
        if self._early == b"":
            raise NetworkError("reset")
        self.is_established = self._early is not None
        return self.is_established

    def receive(self):
        """What has arrived: bytes, b"" at the end, or None when nothing is there yet (see `wants`)."""
        data = self._early
        if data:
            self._early = None
            return data
        error = self._late_error
        if error is None:
            data, error = read_stream(self._tls, self)
            if error is None or data:
                self._late_error = error
                self.wants = READ
                self.bytes_in += len(data or b"")
                return data
        if self.is_established and error.args[0] == SSL_CONN_EOF:
            self.was_cut = True  # no close_notify: the end of a body may only be believed from its framing
            return b""
        raise self._classified(error)

    def send(self, data):
        """How many bytes were taken; 0 when it would block (see `wants`), and then the same bytes must come again."""
        try:
            count = self._tls.write(data)
        except (OSError, ValueError) as error:
            raise self._classified(error)
        if count is None:
            self.wants = WRITE
            return 0
        self.bytes_out += count
        return count

    def _classified(self, error):
        from .faults import classify

        return classify(error, self.is_server and not self.is_established, self._host,
                        None if self.is_established else self.raw, self.bytes_in)

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
