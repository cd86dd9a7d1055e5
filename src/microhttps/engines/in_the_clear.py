"""What both sides of a TLS handshake say in the clear, read beside the library that takes part in it. Layer 3.

For libraries that do not show it: the hello of a client (RFC 8446 section 4.1.2), the certificates of TLS 1.2 (RFC 5246
section 7.4.2), an alert. What is read here is hints: who is believed is judged from what was verified. CPython only.
"""

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, DATA = 0x14, 0x15, 0x16, 0x17
CLIENT_HELLO, CERTIFICATE = 1, 11
SERVER_NAME, ALPN = 0, 16
MAX_FLIGHT = 128 * 1024  # of what is kept while a message is incomplete
HEADER = 5  # bytes: type, version, length


def length_of(head, most):
    """The length of the record with this head; raises ValueError when it is none of TLS (RFC 8446 section 5.1).

    It is at most 16 KB in the clear, and 2 KB more where it is encrypted (RFC 5246 section 6.2.3).
    """
    length = head[3] << 8 | head[4]
    if not CHANGE_CIPHER_SPEC <= head[0] <= DATA or head[1] != 3 or length > most:
        raise ValueError
    return length


class Flight:
    """The messages of the peer, until it goes on encrypted: `chain` (DER, its own certificate first) and `alert`."""

    __slots__ = ("_pending", "alert", "chain")

    def __init__(self):
        self._pending = b""  # None: what follows cannot be read
        self.chain = ()
        self.alert = None

    def see(self, record):
        """Take in a whole record."""
        if self._pending is None:
            return
        if record[0] == ALERT and len(record) == HEADER + 2:
            self.alert = record[HEADER + 1]
        elif record[0] == HANDSHAKE:
            self._pending += record[HEADER:]
            self._read_messages()
        elif record[0] == CHANGE_CIPHER_SPEC:
            self._pending = None

    def _read_messages(self):
        data = self._pending
        while len(data) >= 4 and len(data) >= 4 + int.from_bytes(data[1:4], "big"):
            end = 4 + int.from_bytes(data[1:4], "big")
            if data[0] == CERTIFICATE and not self.chain:
                self.chain = tuple(_vectors(data[7:end], 3))
            data = data[end:]
        self._pending = data if len(data) < MAX_FLIGHT else None


def server_name(hello):
    """The name that a client asks for, in lower case (RFC 6066 section 3), of the records of its hello; None: none."""
    value = extension(hello, SERVER_NAME)
    names = [name for name in _vectors(value[3:], 2)] if value[:1] and value[2:3] == b"\0" else []
    try:
        return names[0].decode("ascii").lower() if names else None
    except UnicodeError:
        return None


def protocols(hello):
    """The protocols that a client asks for (RFC 7301 section 3.1), bytes, of the records of its hello."""
    return list(_vectors(extension(hello, ALPN)[2:], 1))


def extension(hello, wanted):
    """The content of an extension of a client's hello, in records; b"" when it is not there."""
    message = b""
    while len(hello) > HEADER and hello[0] == HANDSHAKE:
        end = HEADER + int.from_bytes(hello[3:5], "big")
        message, hello = message + hello[HEADER:end], hello[end:]
    at = 4 + 2 + 32
    for width in (1, 2, 1):  # session, ciphers, compression
        at += width + int.from_bytes(message[at:at + width], "big")
    at += 2
    while at + 4 <= len(message):
        kind, length = int.from_bytes(message[at:at + 2], "big"), int.from_bytes(message[at + 2:at + 4], "big")
        if kind == wanted:
            return message[at + 4:at + 4 + length]
        at += 4 + length
    return b""


def _vectors(data, width):
    """The values one after the other, each behind its length in so many bytes; what is cut ends them."""
    while len(data) >= width:
        end = width + int.from_bytes(data[:width], "big")
        if end > len(data):
            return
        yield data[width:end]
        data = data[end:]
