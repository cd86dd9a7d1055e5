"""The WebSocket frames that wait to leave, in order: one writer, so that no frame stands within another.

A control frame goes before messages that have not begun. A large message leaves piece by piece, masked as it goes, so
that no second copy of it is made. Bounded by who adds: a task waits for its own frame, and `size` tells the others.
Knows a channel, and neither tasks nor deadlines. Layer 5.
"""

from ..port import system
from ..wire.websocket_frames import PONG, encode_head, masked

TURNS = 16  # pieces sent in one go


class Frame:
    """One frame on its way; `signal`, if somebody set one, is set when it has left or never will."""

    __slots__ = ("_key", "_offset", "_payload", "has_begun", "is_sent", "opcode", "piece", "signal", "size")

    def __init__(self, opcode, payload, key, room):
        self.opcode = opcode
        self.size = size = len(payload)
        self.has_begun = self.is_sent = False
        self.signal = None
        self._key = key
        self._payload = payload
        head = encode_head(opcode, size, key)
        # Head and beginning in one piece, and so in one TLS record; a multiple of the key's length but for the last.
        self._offset = offset = size if size + len(head) <= room else room - len(head) & ~3
        if offset < size:
            payload = payload[:offset]
        self.piece = head + (masked(payload, key) if key else payload)

    def find_next(self, room):
        """The next piece, None behind the last."""
        offset = self._offset
        if offset >= self.size:
            return None
        if not self._key:
            self._offset = self.size
            return memoryview(self._payload)[offset:]
        self._offset = offset + room
        return masked(self._payload[offset:offset + room], self._key)


class FrameQueue:
    """The frames that wait; `size` is the bytes of their payloads, `sent` those that left since `restart`."""

    __slots__ = ("_channel", "_room", "frames", "sent", "size")

    def __init__(self, channel):
        self._channel = channel
        self._room = channel.capacity & ~3
        self.frames = []
        self.size = 0
        self.sent = 0

    def add(self, opcode, payload, key, is_urgent=False):
        """Put a frame at the end, or before all that have not begun; the Frame."""
        frame = Frame(opcode, payload, key, self._room)
        at = len(self.frames)
        if is_urgent and at:
            at = 1 if self.frames[0].has_begun else 0
            # Of several pings the last is answered, section 5.5.3: who pings and does not read fills no memory.
            if opcode == PONG and at < len(self.frames) and self.frames[at].opcode == PONG:
                self._forget(self.frames[at])
        self.frames.insert(at, frame)
        self.size += frame.size
        return frame

    def withdraw(self, frame):
        """Take a frame back if it has not begun: its task waits for it no more."""
        if frame in self.frames and not frame.has_begun:
            self._forget(frame)

    def _forget(self, frame):
        self.frames.remove(frame)
        self.size -= frame.size

    def flush(self):
        """Send what goes without waiting: 0 when nothing is left, else what to wait for; raises NetworkError.

        It stops after some pieces, too, so that what the peer says meanwhile is heard.
        """
        turns = TURNS
        while self.frames:
            if not turns:
                return system.WRITE
            turns -= 1
            frame = self.frames[0]
            frame.has_begun = True  # once tried, TLS wants the same bytes again
            sent = self._channel.send(frame.piece)
            if not sent:
                return self._channel.wants
            self.sent += sent
            frame.piece = memoryview(frame.piece)[sent:] if sent < len(frame.piece) else frame.find_next(self._room)
            if frame.piece is None:
                frame.is_sent = True
                self._forget(frame)
                if frame.signal is not None:
                    frame.signal.set()
        return 0

    def wake(self):
        """Wake all who wait: nothing leaves any more."""
        for frame in self.frames:
            if frame.signal is not None:
                frame.signal.set()
