"""multipart/form-data (RFC 7578) with no I/O: bytes in, parts out, in whatever pieces the bytes come.

A parser that keeps at most one line of a part's head, or what might be the beginning of a boundary; contents are passed
on as they come. Strict: a boundary is followed by its line end, every part has a name, text is UTF-8; what browsers
have long agreed on (three characters percent-coded in names) is undone here. Layer 2: imports errors, grammar,
parameters, http1, and lazily utf8.
"""

from .errors import PeerError
from .grammar import TOKEN
from .http1 import NEED_DATA
from .parameters import parse_parameters

# The answer behind the last boundary.
END = object()
MAX_BOUNDARY_LENGTH = 70  # RFC 2046 5.1.1
BOUNDARY_BYTES = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? "
# The head of a part: two or three lines of a name, a file's name of 255 characters in UTF-8 and a media type.
# Django and Werkzeug have no limit or 64 KB; a board must hold it.
MAX_PART_HEADERS_LENGTH = 2048
MAX_PART_HEADERS = 16
# White space that some mail gateway may have put behind a boundary (RFC 2046 5.1.1).
MAX_PADDING = 32

# What a field may have (RFC 9110 5.5): no control byte but the tab.
_TEXT = b"\t" + bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100))
_PREAMBLE, _BEHIND, _HEAD, _BEGIN, _CONTENT, _DONE = range(6)


class PartHead:
    """What a part says of itself: `name`, `filename` (None: not a file), `content_type`, `fields` (pairs of bytes).

    The filename is never a path: what stands before the last slash or backslash is cut off, and what could be taken
    for a folder, a drive or a line end becomes `_`.
    """

    __slots__ = ("content_type", "fields", "filename", "name")

    def __init__(self, fields, name, filename, content_type):
        self.fields = fields
        self.name = name
        self.filename = filename
        self.content_type = content_type


class Multipart:
    """The parts of one body: give it bytes with `receive`, ask `next_event` until it says NEED_DATA.

    Events: a PartHead, contents of that part as bytes, END. Raises PeerError("bad_multipart"), and
    PeerError("too_many_parts") with status 413.
    """

    __slots__ = ("_data", "_delimiter", "_max_parts", "_state", "count")

    def __init__(self, boundary, max_parts):
        self._delimiter = b"\r\n--" + boundary
        self._data = b"\r\n"  # so that the first boundary, which nothing need precede, is as the others
        self._state = _PREAMBLE
        self._max_parts = max_parts
        self.count = 0

    def receive(self, data):
        """Take more bytes of the body."""
        self._data = self._data + data if self._data else data

    def at_end_of_stream(self):
        """Raises PeerError("bad_multipart") unless the last boundary has come."""
        if self._state != _DONE:
            raise _bad("body ended before its last boundary")

    def next_event(self):
        """The next event, see above."""
        while True:
            if self._state in (_CONTENT, _PREAMBLE):
                is_content = self._state == _CONTENT
                payload = self._take_content()
                if payload and is_content:
                    return payload
                if self._state != _BEHIND:
                    return NEED_DATA
            event = self._STEPS[self._state](self)
            if event is not None:
                return event

    def _take_content(self):
        """What is certainly before the next boundary; behind the boundary when that has been found."""
        data = self._data
        delimiter = self._delimiter
        at = data.find(delimiter)
        if at >= 0:
            self._data = data[at + len(delimiter):]
            self._state = _BEHIND
            return data[:at]
        at = data.rfind(b"\r", max(0, len(data) - len(delimiter) + 1))
        if at < 0 or not delimiter.startswith(data[at:]):
            self._data = b""
            return data
        self._data = data[at:]
        return data[:at]

    def _pass_boundary(self):
        """Behind a boundary: two hyphens end it all, a line end begins a part."""
        data = self._data
        if data[:2] == b"--":
            self._state = _DONE
            self._data = b""
            return END
        end = data.find(b"\r\n")
        padding = data[:end] if end >= 0 else data.rstrip(b"\r")
        if len(padding) > MAX_PADDING or padding.strip(b" \t") and (end >= 0 or data != b"-"):
            raise _bad("boundary is not followed by a line end")
        if end < 0:
            return NEED_DATA
        self._data = data[end:]  # with the line end: a head may have no line at all
        self._state = _HEAD
        return None

    def _take_head(self):
        data = self._data
        room = MAX_PART_HEADERS_LENGTH + 6  # with the line end before it, and those behind it
        end = data.find(b"\r\n\r\n", 0, room)
        if end < 0:
            if len(data) >= room:
                raise _bad("head of a part has more than %d bytes" % MAX_PART_HEADERS_LENGTH)
            return NEED_DATA
        self._data = data[end + 2:]  # with the line end: a boundary may follow at once
        self._state = _BEGIN
        self.count += 1
        if self.count > self._max_parts:
            raise PeerError("too_many_parts", "form has more than %d fields" % self._max_parts, 413)
        return _part_head(data[2:end].split(b"\r\n") if end else [])

    def _begin_content(self):
        """A boundary right behind the head is one, though there is no empty line between (RFC 2046 5.1.1)."""
        data = self._data
        if len(data) < len(self._delimiter) and self._delimiter.startswith(data):
            return NEED_DATA
        if not data.startswith(self._delimiter):
            self._data = data[2:]
        self._state = _CONTENT
        return None

    def _stay(self):
        self._data = b""  # an epilogue, which is to be ignored
        return END

    _STEPS = {_BEHIND: _pass_boundary, _HEAD: _take_head, _BEGIN: _begin_content, _DONE: _stay}


def boundary_of(parameters):
    """The boundary among the parameters of a media type; raises PeerError("bad_multipart") for none and a bad one."""
    boundary = parameters.get(b"boundary", b"")
    if not boundary or len(boundary) > MAX_BOUNDARY_LENGTH or boundary.lstrip(BOUNDARY_BYTES) or boundary[-1] == 0x20:
        raise _bad("boundary of 1 to %d characters expected" % MAX_BOUNDARY_LENGTH)
    return boundary


def _bad(message):
    return PeerError("bad_multipart", message)


def _part_head(lines):
    if len(lines) > MAX_PART_HEADERS:
        raise _bad("head of a part has more than %d lines" % MAX_PART_HEADERS)
    fields = []
    found = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        value = value.strip(b" \t")
        if not colon or not name or name.lstrip(TOKEN) or value.strip(_TEXT):
            raise _bad("name, colon and value expected in the head of a part, got %s" % repr(line[:40])[1:])
        if name.lower() in found:
            raise _bad("field twice in the head of a part: %s" % repr(name)[1:])
        found[name.lower()] = value
        fields.append((name, value))
    # Forbidden to senders by RFC 7578 4.7; whoever ignores it takes coded bytes for a file.
    if found.get(b"content-transfer-encoding", b"binary").lower() not in (b"7bit", b"8bit", b"binary"):
        raise PeerError("bad_multipart", "part without transfer coding expected", 415)
    disposition = parse_parameters(found.get(b"content-disposition", b""))
    if disposition is None or disposition[0] != b"form-data" or b"name" not in disposition[1]:
        raise _bad("content-disposition with a name expected in the head of a part")
    filename = disposition[1].get(b"filename")
    return PartHead(fields, _text_of(disposition[1][b"name"]),
                    None if filename is None else safe_filename(_text_of(filename)),
                    _text_of(found.get(b"content-type", b"text/plain")))


def _text_of(raw):
    """Text in a head: UTF-8, of which browsers percent-code the quote and the line ends, and nothing else."""
    try:
        text = raw.decode()
        if len(text) != len(raw):  # else it is ASCII
            from .utf8 import decode

            text = decode(raw)
    except UnicodeError:
        raise _bad("UTF-8 expected in the head of a part")
    if "%" in text:
        for coded, plain in (("%22", '"'), ("%0D", "\r"), ("%0d", "\r"), ("%0A", "\n"), ("%0a", "\n")):
            text = text.replace(coded, plain)
    return text


def safe_filename(text):
    """The last part of a path as a name that may be put behind a folder's: no separator, no drive, no control byte."""
    text = text.replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join("_" if character < " " or character in ":\x7f" else character for character in text)
    return text.replace(".", "_") if text in (".", "..") else text
