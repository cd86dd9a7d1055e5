"""WebSocket frames with no I/O (RFC 6455 section 5): bytes in, messages out, for both roles.

A rule that the peer breaks is a PeerError whose fact `close_code` is what to close with: 1002, 1007 or 1009. Nothing is
kept of a message but its bytes so far, and they are bounded; text is judged as it comes. There are no extensions, so
that reserved bits are always an error, and compression (RFC 7692) is never agreed on. Layer 2: imports errors, utf8
and http1.
"""

from ..errors import PeerError
from .http1 import NEED_DATA
from .utf8 import decode, find_unfinished

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
OPCODES = (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG)
FINAL, RESERVED, MASKED = 0x80, 0x70, 0x80  # bits of the first byte, and of the second
MAX_CONTROL = 125  # bytes of payload, section 5.5

NORMAL, GOING_AWAY, BROKEN_RULE, NO_CODE, NO_CLOSE, NOT_UTF8, TOO_LARGE, FAULT = (
    1000, 1001, 1002, 1005, 1006, 1007, 1009, 1011)  # section 7.4.1


class FrameReader:
    """Takes frames apart and puts messages together; `is_server` says whose frames come: masked ones or not."""

    __slots__ = ("_at", "_control", "_data", "_is_final", "_is_server", "_key", "_kind", "_left", "_length",
                 "_max_length", "_message", "_opcode", "_tail")

    def __init__(self, is_server, max_length):
        self._is_server = is_server
        self._max_length = max_length
        self._data = b""
        self._at = 0
        self._left = -1  # payload bytes that the frame still has; -1 between frames
        self._opcode = self._is_final = 0
        self._key = b""
        self._kind = 0  # the opcode of the fragmented message
        self._message = b""  # room for the message so far
        self._length = 0  # how much of it is used
        self._control = b""
        self._tail = b""  # a character that is still to be completed

    def feed(self, data):
        """More bytes; `take` first until it answers NEED_DATA, for what was not taken is copied."""
        rest = self._data[self._at:]
        self._data = rest + data if rest else data
        self._at = 0

    def take(self):
        """The next (opcode, payload), or NEED_DATA; raises PeerError.

        The payload is str for TEXT, (code, reason) for CLOSE, and bytes for BINARY, PING and PONG.
        """
        while True:
            if self._left < 0 and not self._begin_frame():
                return NEED_DATA
            at = self._at
            chunk = self._data[at:at + self._left]
            if not chunk and self._left:
                return NEED_DATA
            self._at = at + len(chunk)
            self._left -= len(chunk)
            if self._key and chunk:
                count = len(chunk) & 3
                chunk = masked(chunk, self._key)
                self._key = self._key[count:] + self._key[:count]
            taken = self._take_data(chunk) if self._opcode < CLOSE else self._take_control(chunk)
            if not self._left:
                self._left = -1
            if taken:
                return taken

    # Hot: once a frame.
    def _begin_frame(self):
        """Take the head of the next frame, section 5.2; False when it is not there yet."""
        data, at = self._data, self._at
        there = len(data) - at
        if there < 2:
            return False
        first, second = data[at], data[at + 1]
        opcode, length = first & 0x0F, second & 0x7F
        self._check(first, second, opcode, length)
        size = 2 if length < 126 else 4 if length == 126 else 10
        start = at + size
        end = start + 4 if second & MASKED else start
        if len(data) < end:
            return False
        if size > 2:
            length = _length_of(data[at + 2:start], size)
        if opcode < CLOSE and length + self._length > self._max_length:
            raise PeerError("websocket_too_large", close_code=TOO_LARGE, limit=self._max_length)
        self._key = data[start:end]
        self._opcode = opcode
        self._is_final = first & FINAL
        self._left = length
        self._at = end
        return True

    def _check(self, first, second, opcode, length):
        if first & RESERVED:
            raise broken("a reserved bit is set")
        if opcode not in OPCODES:
            raise broken("unknown opcode")
        if self._is_server != (second & MASKED > 0):
            raise broken("a client masks its frames, a server does not")  # section 5.1
        if opcode >= CLOSE:
            if length > MAX_CONTROL or not first & FINAL:
                raise broken("a control frame is in one piece of at most 125 bytes")
        elif (opcode == CONTINUATION) != (self._kind > 0):
            raise broken("a message began within another" if self._kind else "nothing is to be continued")

    def _take_data(self, chunk):
        if self._is_final and not self._left and not self._kind:  # hot: a message in one piece
            return self._opcode, _text_of(chunk) if self._opcode == TEXT else chunk
        if not self._kind:
            self._kind = self._opcode
        is_last = self._is_final and not self._left
        if self._kind == TEXT:
            self._judge(chunk, is_last)
        if chunk:
            self._keep(chunk)
        if not is_last:
            return None
        kind, message = self._kind, memoryview(self._message)[:self._length]
        self._message = b""
        self._kind = self._length = 0
        return kind, str(message, "utf-8") if kind == TEXT else bytes(message)

    def _keep(self, chunk):
        """Put a chunk behind the message so far, in one block: many small ones would tear a heap to pieces."""
        start = self._length
        end = start + len(chunk)
        if end > len(self._message):
            # At most four times what has come, whatever was announced.
            most = end + self._left if self._is_final else self._max_length
            room = bytearray(min(4 * end, most))
            room[:start] = memoryview(self._message)[:start]
            self._message = room
        self._message[start:end] = chunk
        self._length = end

    def _judge(self, chunk, is_last):
        """Whether the text is UTF-8 so far; what is cut waits for the next chunk."""
        text = self._tail + chunk
        try:
            end = len(text) if is_last else find_unfinished(text)
            decode(text[:end])
        except UnicodeError as error:
            raise PeerError("websocket_bad_text", cause=error, close_code=NOT_UTF8)
        self._tail = text[end:]

    def _take_control(self, chunk):
        self._control += chunk
        if self._left:
            return None
        payload, self._control = self._control, b""
        return self._opcode, parse_close(payload) if self._opcode == CLOSE else payload


def _length_of(raw, size):
    length = int.from_bytes(raw, "big")
    if length < (126 if size == 4 else 0x10000) or length >> 63:
        raise broken("a length takes as few bytes as it can, and at most 63 bits")  # section 5.2
    return length


def _text_of(raw):
    try:
        return decode(raw)
    except UnicodeError as error:
        raise PeerError("websocket_bad_text", cause=error, close_code=NOT_UTF8)


def broken(message):
    """The error of a peer that breaks a rule of the protocol."""
    return PeerError("websocket_bad_frame", message, close_code=BROKEN_RULE)


def parse_close(payload):
    """(code, reason) of a close frame's payload, section 5.5.1; raises PeerError."""
    if not payload:
        return NO_CODE, ""
    code = int.from_bytes(payload[:2], "big")
    if len(payload) == 1 or not is_close_code(code):
        raise broken("a close code is a number that may be sent")
    return code, _text_of(payload[2:])


def is_close_code(code):
    """Whether this code may be on the wire, section 7.4; 1012 to 1014 were registered later."""
    return 1000 <= code <= 1014 and code not in (1004, NO_CODE, NO_CLOSE) or 3000 <= code <= 4999


def encode_close(code, reason):
    """The payload of a close frame; a reason that is too long is cut, between two characters."""
    raw = reason.encode()
    while len(raw) > MAX_CONTROL - 2:
        reason = reason[:-1]
        raw = reason.encode()
    return code.to_bytes(2, "big") + raw


def encode_head(opcode, length, key=b""):
    """The head of a frame that is a whole message or control frame; with a key, of a client (section 5.3)."""
    flag = MASKED if key else 0
    if length < 126:
        return bytes((FINAL | opcode, flag | length)) + key
    if length < 0x10000:
        return bytes((FINAL | opcode, flag | 126, length >> 8, length & 0xFF)) + key
    return bytes((FINAL | opcode, flag | 127)) + length.to_bytes(8, "big") + key


def encode_frame(opcode, payload, key=b""):
    """A whole frame, for payloads of which a copy does not matter."""
    head = encode_head(opcode, len(payload), key)
    return head + (masked(payload, key) if key else payload)


def masked(data, key):
    """Data of at most some KB with a key of 4 bytes over it, section 5.3; twice is once and back.

    One exclusive or of two long numbers: 400 MB/s on CPython, 80 to 200 on MicroPython, where byte by byte makes 15.
    """
    length = len(data)
    over = int.from_bytes((key * (length // 4 + 1))[:length], "little")
    return (int.from_bytes(data, "little") ^ over).to_bytes(length, "little")
