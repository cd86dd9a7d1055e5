"""A TLS connection with the verbs of a socket, for programs without an event loop.

Underneath the socket never blocks: what shall block waits for it, with a limit, and so the same code serves both ways.
MicroPython's streams are the model: `read` and `write` do all that was asked or, where nothing may block, what goes,
and then None means "not yet". Layer 5.
"""

from ..errors import DeadlineError, MicrohttpsError, NetworkError
from ..port import system
from .handshaking import LINGER, judge_clock

MAX_LINE = 8 * 1024
POLLIN, POLLOUT = 1, 4  # of select.poll, on both interpreters


class SecureSocket(system.Pollable):
    """Made by `wrap_socket`. Errors are MicrohttpsErrors; all but DeadlineError while reading close it."""

    def __init__(self, channel, timeout, settings, may_speak_first):
        self.raw = channel.raw
        self._channel = channel
        self._timeout = timeout  # seconds, 0: never block, None: for ever, "limits": as the settings say
        self._settings = settings
        self._may_speak_first = may_speak_first  # a server, and so end a handshake whose end nobody tells
        self._buffer = b""
        self._is_connected = self._has_ended = self._is_closed = False
        self._error = None  # what the next call shall meet

    def settimeout(self, seconds):
        """Wait so many seconds at most each time, 0: never, None: for ever."""
        self._timeout = seconds

    def setblocking(self, flag):
        """Wait as long as `recv_timeout` and `send_timeout` of clients say, or never."""
        self._timeout = "limits" if flag else 0

    @property
    def wants(self):
        """POLLIN or POLLOUT: what the call that gave None waits for, which TLS may have the other way round."""
        return POLLIN if self._direction() == system.READ else POLLOUT

    @property
    def tls(self):
        """What the handshake agreed on (see Session.tls), None before it is done and after the end."""
        if self._is_closed or not self._channel.is_established:
            return None
        from .session import Tls

        return Tls(self._channel.facts())

    @property
    def was_cut(self):
        """Whether the end came without TLS's notice: then somebody in between may have cut what was read."""
        return self._channel.was_cut

    def do_handshake(self):
        """Shake hands within the `handshake_timeout`; where nothing may block, go on with it: whether it is done.

        Raises TrustError, ClockError, PeerError, NetworkError, DeadlineError.
        """
        seconds = self._timeout if self._timeout not in ("limits", None) else self._settings.handshake_timeout
        until = system.after(seconds)
        while not self._shake():
            if seconds == 0:
                return False
            moment = system.now()
            if system.is_past(until, moment) or not system.wait_for(
                    self.raw, self._direction(), system.seconds_between(moment, until)):
                self._fail(DeadlineError("deadline", setting="handshake_timeout"))
        return True

    def available(self):
        """How many bytes can be read without waiting; takes in what has arrived."""
        if not self._buffer:
            self._buffer = self._receive() or b""
        return len(self._buffer)

    def ready_for(self, mask):
        """Of what a poll asks for (POLLIN, POLLOUT), what goes on at once; the steps of a handshake are either."""
        if self._is_closed:
            return mask
        if not self._channel.is_established:
            return mask if system.wait_for(self.raw, self._direction(), 0) else 0
        ready = mask & POLLIN if self._is_readable() else 0
        if mask & POLLOUT and system.wait_for(self.raw, system.WRITE, 0):
            ready |= POLLOUT
        return ready

    def _is_readable(self):
        try:
            return self.available() > 0 or self._has_ended
        except MicrohttpsError as error:
            self._error = error
            return True

    def recv(self, size):
        """At least one byte and at most `size`, b"" at the end; None: not yet."""
        if not self._buffer:
            data = self._receive()
            while data is None and self._timeout != 0:
                self._wait("recv_timeout")
                data = self._receive()
            if not data:
                return data
            self._buffer = data
        return self._take(size)

    def read(self, size=-1):
        """`size` bytes, fewer only at the end; without a size all until the end. Non-blocking: what is there, or None.

        What came before a DeadlineError is read again by the next call.
        """
        data = bytearray()  # pieces to be joined would lie all over a board's heap and leave no room for the whole
        try:
            while size < 0 or len(data) < size:
                piece = self.recv(size - len(data) if size >= 0 else 16 * 1024)
                if piece is None and not data:
                    return None
                if not piece:
                    break
                data += piece
        except DeadlineError:
            self._buffer = bytes(data) + self._buffer
            raise
        return bytes(data)

    def readinto(self, room, size=None):
        """As `read`, into a buffer: how many bytes, or None."""
        data = self.read(len(room) if size is None else min(size, len(room)))
        if data is None:
            return None
        room[:len(data)] = data
        return len(data)

    def readline(self):
        """A line with its newline, what is left at the end; at most 8 KB. None: there is no whole line yet."""
        while b"\n" not in self._buffer and len(self._buffer) < MAX_LINE:
            data = self._receive()
            if data:
                self._buffer += data
            elif data is not None:
                return self._take(len(self._buffer))
            elif self._timeout == 0:
                return None
            else:
                self._wait("recv_timeout")
        return self._take(self._buffer.find(b"\n", 0, MAX_LINE) + 1 or MAX_LINE)

    def write(self, data):
        """Send all of it: how many bytes. Non-blocking: as many as went, or None, and then the same must come again."""
        left = memoryview(data)
        sent = 0
        while sent < len(left):
            count = self._send(left[sent:])
            if not count:
                if self._timeout == 0:
                    return sent or None
                self._wait("send_timeout")
            sent += count
        return sent

    def send(self, data):
        """Send some of it: how many bytes. None: not yet, and then the same must come again."""
        while True:
            count = self._send(data)
            if count or not data:
                return count
            if self._timeout == 0:
                return None
            self._wait("send_timeout")

    def close(self):
        """Say good-bye as TLS does, where the interpreter can, and close; may be called twice."""
        if not self._is_closed:
            self._is_closed = True
            self._channel.close_notify()
            self._channel.close()

    def _take(self, count):
        data = self._buffer[:count]
        self._buffer = self._buffer[count:]
        return data

    def _receive(self):
        """What has arrived: bytes, b"" at the end, None: nothing yet."""
        if self._has_ended and not self._is_closed:
            return b""
        if not self._shake():
            return None
        data = self._attempt(self._channel.receive)
        self._has_ended = data == b""
        return data

    def _send(self, data):
        """How many bytes went, perhaps none."""
        channel = self._channel
        if self._shake():
            return self._attempt(channel.send, data)
        if not self._may_speak_first:
            return 0
        count = self._attempt(channel.send, data)
        channel.is_established = count > 0
        channel.wants = channel.wants if count else system.READ
        return count

    def _shake(self):
        """Go on with the handshake: whether it is done. Raises what the last call has left."""
        error, self._error = self._error, None
        if error is None and self._is_closed:
            error = NetworkError("reset")
        if error is not None:
            raise error
        if self._channel.is_established:
            return True
        if not self._is_connected:
            self._is_connected = system.wait_for(self.raw, system.WRITE, 0)
            if not self._is_connected:
                return False
        try:
            return self._channel.handshake()
        except MicrohttpsError as error:
            self._fail(judge_clock(error))

    def _attempt(self, verb, *arguments):
        try:
            return verb(*arguments)
        except MicrohttpsError:
            self.close()
            raise

    def _fail(self, error):
        self._is_closed = True
        has_alert = not (isinstance(error, NetworkError) or self._channel.is_established)
        let_go(self.raw, LINGER if has_alert and self._timeout != 0 else 0)
        # MicroPython's TLS may still hold the socket, and would close it by its number when it is collected: by then
        # that is somebody else's.
        self._channel.close()
        raise error

    def _direction(self):
        return self._channel.wants if self._is_connected else system.WRITE

    def _wait(self, name):
        seconds = getattr(self._settings, name) if self._timeout == "limits" else self._timeout
        if not system.wait_for(self.raw, self._direction(), seconds):
            if name == "send_timeout":
                self.close()  # half a record is sent, and nobody knows which of the bytes have arrived
            raise DeadlineError("deadline", setting=name)


def let_go(raw, seconds):
    """Close; but for so long let the peer read our alert, which a reset over what it still sends would overtake."""
    until = system.after(seconds)
    system.discard(raw)
    if seconds:
        system.shut_down(raw)
        while not system.is_past(until, system.now()) and system.wait_for(raw, system.READ, seconds):
            if not system.discard(raw):
                break
    raw.close()
