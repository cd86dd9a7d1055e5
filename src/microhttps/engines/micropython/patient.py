"""MicroPython's `tls`: a server's channel whose handshake is over before anything is read. Layer 3.

Step by step, Mbed TLS tells a server nothing of the end of a handshake until the client says something, and a protocol
in which the server speaks first would wait for ever. Asked to shake hands at once, it comes back when that is done; but
it asks again and again, without end. So it is given the socket through an object that waits for it, and gives up.
To be deleted when MicroPython has `do_handshake`.
"""

import io

from ...errors import DeadlineError
from .mutual import MutualChannel, told_apart

ETIMEDOUT = 110


def patient(kind, wait):
    """That class of a server's channels with the handshake in its making; `wait(raw)` until more has come, or False."""

    class Patient(kind):
        def _wrap(self, context):
            passing = _Waiting(self.raw, wait)
            is_mutual = issubclass(kind, MutualChannel)
            if is_mutual:
                context.verify_callback = self._see
            try:
                self._tls = context.wrap_socket(passing, server_side=True, do_handshake_on_connect=True)
            except (MemoryError, OSError, ValueError) as error:
                if passing.is_late:
                    raise DeadlineError("deadline", setting="handshake_timeout")
                error = self._classified(error)
                raise told_apart(error, self._leaf) if is_mutual else error
            finally:
                passing.wait = None
                if is_mutual:
                    context.verify_callback = None
            self.is_established = True
            if is_mutual:
                self.judge_shown()

    return Patient


class _Waiting(io.IOBase):
    """A socket that waits as long as there is a `wait`."""

    is_late = False

    def __init__(self, raw, wait):
        self._raw = raw
        self.wait = wait

    def readinto(self, room):
        """Bytes as they come; None when none have, an error as a negative number."""
        try:
            count = self._raw.readinto(room)
            while count is None and self.wait is not None:
                if not self.wait(self._raw):
                    self.is_late = True
                    return -ETIMEDOUT
                count = self._raw.readinto(room)
            return count
        except OSError as error:  # nothing may be raised through Mbed TLS's frames
            return -error.args[0]

    def write(self, data):
        """As the socket's own; an error as a negative number."""
        try:
            return self._raw.write(data)
        except OSError as error:
            return -error.args[0]

    def ioctl(self, request, argument):
        """Nothing to be done: the socket is closed by itself."""
        return 0
