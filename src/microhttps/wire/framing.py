"""Where a message body ends: with its announced length, its last chunk (`chunked`), or the connection (`close_body`).

A body takes the bytes as they come, in any pieces, keeps nothing but an unfinished line, and gives back the payload.
Loaded with the first body. No I/O. Layer 2: imports errors, and lazily chunked.

Every body has `take(data, start)`, which answers (payload, next offset): it uses up all of `data` unless a payload or
the end comes first, and the payload may be b""; `is_complete`; `at_end_of_stream()`, which is quiet if that completes
the body and raises PeerError("body_cut_short") if not; `received`, the payload bytes so far. A bad chunk raises
PeerError("bad_chunk"), too much PeerError("body_too_large"), status 413.
"""

from ..errors import PeerError


class LengthBody:
    """A body of `length` bytes."""

    def __init__(self, length):
        self.length = length
        self.received = 0
        self.is_complete = length == 0

    def take(self, data, start):
        """(payload, next offset), see above."""
        left = self.length - self.received
        # Whole where it can be: a board has no piece of its heap to spare for a copy of each.
        payload = data if not start and len(data) <= left else data[start : start + left]
        self.received += len(payload)
        self.is_complete = self.received == self.length
        return payload, start + len(payload)

    def at_end_of_stream(self):
        """Raises PeerError("body_cut_short") unless the body is complete."""
        if not self.is_complete:
            message = "body ended after %d bytes, %d announced" % (self.received, self.length)
            raise PeerError("body_cut_short", message, announced=self.length, received=self.received)


def ChunkedBody(max_body_length):
    """A chunked body of at most `max_body_length` bytes, which has `trailers` besides (see `chunked`).

    A function, so that a board which is only ever sent lengths does not keep the reader of chunks.
    """
    from .chunked import ChunkedBody

    return ChunkedBody(max_body_length)
