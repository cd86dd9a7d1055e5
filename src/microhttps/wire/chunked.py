"""A body in chunks (RFC 9112 7.1): strict in sizes and line ends, bounded in everything else.

It answers as every body in `framing` does, and what it says depends only on the bytes up to the fault, in whatever
pieces they come. Loaded with the first chunked body. No I/O. Layer 2: imports errors and grammar.
"""

from ..errors import PeerError
from .grammar import TOKEN

# 2**64 has 17. More digits are an attempt to overflow somebody.
MAX_SIZE_DIGITS = 16
# A size with its extensions, which nobody uses except to sign a chunk: 64 digits.
MAX_SIZE_LINE = 512
# All trailers. Apache and Node allow 8 to 16 KB, but nothing we know sends more than a checksum.
MAX_TRAILERS_LENGTH = 2048
MAX_TRAILERS = 32
# One-byte chunks are six times their payload. This much framing is let pass beyond the payload (CVE-2023-39326).
MAX_OVERHEAD = 64 * 1024
# Fields that decide framing, routing or rights must not come behind the body, RFC 9110 6.5.1.
FORBIDDEN_TRAILERS = (
    b"content-length transfer-encoding host trailer connection te upgrade expect authorization proxy-authorization "
    b"cookie set-cookie content-type content-encoding content-range range max-forwards cache-control"
)

_SIZE, _DATA, _DATA_END, _TRAILERS = range(4)


class ChunkedBody:
    """A chunked body of at most `max_body_length` bytes; afterwards `trailers` holds pairs of bytes.

    Trailers are never merged into the head's fields, and those that could change its meaning are dropped.
    """

    def __init__(self, max_body_length):
        self.received = 0
        self.is_complete = False
        self.trailers = []
        self._limit = max_body_length
        self._state = _SIZE
        self._left = 0
        self._line = b""
        self._overhead = 0
        self._trailers_length = 0
        self._trailers_count = 0

    def take(self, data, start):
        """(payload, next offset), see above; of several chunks in `data` one is taken at a call."""
        while start < len(data) and not self.is_complete:
            if self._state == _DATA:
                payload = data[start : start + self._left]
                self._left -= len(payload)
                self.received += len(payload)
                if not self._left:
                    self._state = _DATA_END
                return payload, start + len(payload)
            start = self._take_line(data, start)
        return b"", start

    def at_end_of_stream(self):
        """Raises PeerError("body_cut_short") unless the body is complete."""
        if not self.is_complete:
            message = "body ended after %d bytes, before its last chunk" % self.received
            raise PeerError("body_cut_short", message, announced=None, received=self.received)

    def _take_line(self, data, start):
        """Take from `data` the line that is due, or as much of it as is there: the offset behind it."""
        room = self._room() - len(self._line)
        end = data.find(b"\n", start, start + room) + 1
        is_whole = end > 0
        if not is_whole:
            end = min(len(data), start + room)
        line = self._line + bytes(data[start:end])
        is_too_long = not is_whole and end - start == room
        self._line = b"" if is_whole else line
        self._overhead += end - start
        if self._state == _SIZE:
            self._judge_size(line, is_whole, is_too_long)
        elif self._state == _DATA_END:
            self._judge_data_end(line, is_whole)
        else:
            self._judge_trailer(line, is_whole, is_too_long)
        # Only now, and only of whole lines: so the first fault is the same in whatever pieces the bytes come.
        if is_whole and self._overhead > MAX_OVERHEAD + self.received:
            raise PeerError("bad_chunk", "chunks are mostly framing: %d bytes of payload so far" % self.received)
        return end

    def _room(self):
        """How long the line may become that is due: nothing is kept beyond it."""
        if self._state == _SIZE:
            return MAX_SIZE_LINE
        return 2 if self._state == _DATA_END else MAX_TRAILERS_LENGTH - self._trailers_length + 2

    def _judge_size(self, line, is_whole, is_too_long):
        """Of a line, or of the beginning of one: the digits, its length, and when it is whole the extensions."""
        rest = line.lstrip(b"0123456789abcdefABCDEF")
        digits = line[: len(line) - len(rest)]
        if len(digits) > MAX_SIZE_DIGITS:
            raise PeerError("bad_chunk", "chunk size has more than %d digits" % MAX_SIZE_DIGITS)
        if rest and (not digits or rest[0] not in b";\r"):
            raise PeerError("bad_chunk", "hexadecimal chunk size expected, got %s" % repr(line[: len(digits) + 1])[1:])
        if is_too_long:
            raise PeerError("bad_chunk", "chunk extension has more than %d bytes" % (MAX_SIZE_LINE - len(digits)))
        if not is_whole:
            return
        if line[-2:] != b"\r\n" or len(rest) > 2 and not _are_extensions(rest[:-2]):
            raise PeerError("bad_chunk", "chunk size %s is followed by a bad extension or line end" % digits.decode())
        self._left = int(digits, 16)
        if self._left > self._limit - self.received:
            raise _too_large(self._limit)
        self._state = _DATA if self._left else _TRAILERS

    def _judge_data_end(self, line, is_whole):
        if line != (b"\r\n" if is_whole else b"\r"):
            got = line if line[:1] == b"\r" else line[:1]
            raise PeerError("bad_chunk", "CR LF expected after chunk data, got %s" % repr(got)[1:])
        if is_whole:
            self._state = _SIZE

    def _judge_trailer(self, line, is_whole, is_too_long):
        if is_too_long:
            message = "trailers have more than %d bytes" % MAX_TRAILERS_LENGTH
            raise PeerError("header_too_long", message, 431)
        if not is_whole:
            return
        if line == b"\r\n":
            self.is_complete = True
            return
        self._trailers_length += len(line)
        self._trailers_count += 1
        if self._trailers_length > MAX_TRAILERS_LENGTH:
            message = "trailers have more than %d bytes" % MAX_TRAILERS_LENGTH
            raise PeerError("header_too_long", message, 431)
        if self._trailers_count > MAX_TRAILERS:
            raise PeerError("too_many_headers", "body has more than %d trailers" % MAX_TRAILERS, 431)
        name, colon, value = line[:-2].partition(b":")
        if line[-2:] != b"\r\n" or not colon or not name or name.lstrip(TOKEN) or not _is_text(value):
            raise PeerError("bad_chunk", "name, colon and value expected as trailer, got %s" % repr(line[:40])[1:])
        if name.lower() not in FORBIDDEN_TRAILERS.split():
            self.trailers.append((name, value.strip(b" \t")))


def _too_large(limit):
    return PeerError("body_too_large", "a body of at most %d bytes is taken" % limit, 413, limit=limit)


def _is_text(value):
    """Whether these are tab, blank, visible ASCII and bytes beyond it."""
    return not value.lstrip(b"\t" + bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100)))


def _are_extensions(rest):
    """Whether this is `chunk-ext`, RFC 9112 7.1.1. White space before the first one is refused: it is a size cheat."""
    while rest:
        if rest[:1] != b";":
            return False
        rest = rest[1:].lstrip(b" \t")
        after = rest.lstrip(TOKEN)
        if len(after) == len(rest):
            return False
        rest = _after_blanks(after)
        if rest[:1] == b"=":
            after = _after_value(rest[1:].lstrip(b" \t"))
            if after is None:
                return False
            rest = _after_blanks(after)
    return True


def _after_blanks(rest):
    """Without the white space before `;` or `=`; elsewhere it stays, and is a fault."""
    after = rest.lstrip(b" \t")
    return after if after[:1] in (b";", b"=") else rest


def _after_value(rest):
    """What follows a token or a quoted string (RFC 9110 5.6.4), None if there is none."""
    if rest[:1] != b'"':
        after = rest.lstrip(TOKEN)
        return after if len(after) < len(rest) else None
    at = 1
    while at < len(rest):
        if rest[at] == 0x22:
            return rest[at + 1 :] if _is_text(rest[1:at]) else None
        # A quoted pair: the byte behind the backslash does not end the string.
        at += 2 if rest[at] == 0x5C else 1
    return None
