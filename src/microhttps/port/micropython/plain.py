"""MicroPython: the raw socket as a channel. Layer 3."""

from ...wire.buffer import CAPACITY, read_stream

READ, WRITE = 1, 2


class PlainChannel:
    """A raw socket with the verbs of a TLS channel: what `transport="insecure"` speaks through."""

    capacity = CAPACITY
    is_secure = False
    reads_ahead = False
    is_established = True
    was_cut = False
    bytes_in = bytes_out = 0
    wants = READ

    def __init__(self, raw):
        self.raw = raw

    def handshake(self):
        """True: there is none."""
        return True

    def receive(self):
        """What has arrived: bytes, b"" at the end, or None when nothing is there yet (see `wants`)."""
        data, error = read_stream(self.raw, self)
        if error and not data:
            raise _fault(error)
        if data is None:
            self.wants = READ
        else:
            self.bytes_in += len(data)
        return data

    def send(self, data):
        """How many bytes the system took; 0 when it would block (see `wants`)."""
        try:
            count = self.raw.write(data)
        except OSError as error:
            raise _fault(error)
        if count is None:
            self.wants = WRITE
            return 0
        self.bytes_out += count
        return count

    def close_notify(self):
        """Nothing: TCP's FIN is all the notice there is."""

    def close(self):
        """Close the raw socket; may be called twice."""
        self.raw.close()


def _fault(error):
    from .faults import network_error  # not kept: a board forgets it, and all that comes with it

    return network_error(error)
