"""A body that ends with the connection (see `framing`, which says what every body has). No I/O. Layer 2.

Apart, because a server is never sent one: only a client loads this. Imports errors.
"""

from ..errors import PeerError


class CloseBody:
    """A body that ends with the connection, of at most `max_body_length` bytes; responses only."""

    needs_the_end = True  # that of TLS, for without it anybody could have cut the connection

    def __init__(self, max_body_length):
        self.received = 0
        self.is_complete = False
        self._limit = max_body_length

    def take(self, data, start):
        """(payload, next offset), as every body."""
        self.received += len(data) - start
        if self.received > self._limit:
            message = "a body of at most %d bytes is taken" % self._limit
            raise PeerError("body_too_large", message, 413, limit=self._limit)
        return data[start:], len(data)

    def at_end_of_stream(self):
        """Completes the body."""
        self.is_complete = True
