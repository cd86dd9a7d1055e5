"""CPython: a raw socket spoken through as if it were a TLS channel. Layer 3."""

from .faults import network_error
from .pollers import READ, WRITE


class PlainChannel:
    """A raw socket with the verbs of a TLS channel: what `transport="insecure"` speaks through."""

    __slots__ = ("bytes_in", "bytes_out", "raw", "wants", "was_cut")
    capacity = 64 * 1024
    is_secure = False
    reads_ahead = False
    is_established = True

    def __init__(self, raw):
        self.raw = raw
        self.wants = READ
        self.was_cut = False
        self.bytes_in = self.bytes_out = 0

    def handshake(self):
        """True: there is none."""
        return True

    def receive(self):
        """What has arrived: bytes, b"" at the end, or None when nothing is there yet (see `wants`)."""
        try:
            data = self.raw.recv(self.capacity)
            self.bytes_in += len(data)
            return data
        except (BlockingIOError, InterruptedError):
            self.wants = READ
            return None
        except OSError as error:
            raise network_error(error)

    def send(self, data):
        """How many bytes the system took; 0 when it would block (see `wants`)."""
        try:
            count = self.raw.send(data)
            self.bytes_out += count
            return count
        except (BlockingIOError, InterruptedError):
            self.wants = WRITE
            return 0
        except OSError as error:
            raise network_error(error)

    def close_notify(self):
        """Nothing: TCP's FIN is all the notice there is."""

    def close(self):
        """Close the raw socket; may be called twice."""
        self.raw.close()
