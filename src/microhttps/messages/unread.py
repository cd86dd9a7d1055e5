"""What is left of a body that its handler did not read: read and forgotten where it is little. Layer 6.

So the connection lives on: what a form sends along that is refused for want of a password costs less than a handshake.
"""

from ..errors import DeadlineError, PeerError
from ..port import system

MOST_DRAINED = 64 * 1024  # Go: 256 KB


def is_drainable(body):
    """Whether what is left of it is little, and sure to come."""
    left = getattr(body.framing, "length", 0) - body.framing.received
    return not body.is_broken and not body.must_continue and left <= MOST_DRAINED


async def drain(body):
    """Read and forget what is left, at most MOST_DRAINED; waits. Whether that was all. Raises NetworkError.

    It has `recv_timeout` for all of it: who was refused shall not hold a place by dripping.
    """
    left = MOST_DRAINED
    body.until = system.after(body.settings.recv_timeout)
    try:
        while left > 0:
            chunk = await body.next_chunk()
            if not chunk:
                return True
            left -= len(chunk)
    except (PeerError, DeadlineError):
        return False
    return body.is_complete()
