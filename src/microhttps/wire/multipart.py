"""multipart/form-data (RFC 7578) with no I/O: bytes in, parts out, in whatever pieces the bytes come.

A parser that keeps at most one head of a part, or what might be the beginning of a boundary; contents are passed on as
they come. Strict: a boundary is followed by its line end. What a head says is read by `part_fields`, `part_names` and
`part_heads`, so that who drops them keeps no more than this while contents go by. Layer 2: imports http1, and lazily
multipart_faults.
"""

from .http1 import NEED_DATA

# The answer behind the last boundary.
END = object()
# The head of a part: two or three lines of a name, a file's name of 255 characters in UTF-8 and a media type.
# Django and Werkzeug have no limit or 64 KB; a board must hold it.
MAX_PART_HEADERS_LENGTH = 2048
# White space that some mail gateway may have put behind a boundary (RFC 2046 5.1.1).
MAX_PADDING = 32

_PREAMBLE, _BEHIND, _HEAD, _BEGIN, _CONTENT, _DONE = range(6)


class Multipart:
    """The parts of one body: give it bytes with `receive`, ask `next_event` until it says NEED_DATA.

    Events: a list, the lines of a part's head, for `part_fields.read_fields`; contents of that part as bytes or as a
    view of them; END. No content is copied: a board whose heap is nearly full has no second piece of that size.
    Raises PeerError("bad_multipart"), and PeerError("too_many_parts") with status 413.
    """

    __slots__ = ("_data", "_delimiter", "_max_parts", "_state", "_withheld", "count")

    def __init__(self, boundary, max_parts):
        self._delimiter = b"\r\n--" + boundary
        self._data = b"\r\n"  # so that the first boundary, which nothing need precede, is as the others
        self._withheld = b""  # what might have been the beginning of a boundary, and is content
        self._state = _PREAMBLE
        self._max_parts = max_parts
        self.count = 0

    def receive(self, data):
        """Take more bytes of the body."""
        kept = self._data
        if kept and self._state in (_CONTENT, _PREAMBLE):
            # The beginning of a boundary, if it goes on so; there is no other one in it, for it has but one CR.
            begin = kept + data[:len(self._delimiter) - len(kept)]
            if not self._delimiter.startswith(begin):
                if self._state == _CONTENT:
                    self._withheld = kept
                kept = b""
        self._data = kept + data if kept else data

    def at_end_of_stream(self):
        """Raises PeerError("bad_multipart") unless the last boundary has come."""
        if self._state != _DONE:
            from .multipart_faults import cut_short

            raise cut_short()

    def next_event(self):
        """The next event, see above."""
        while True:
            if self._state in (_CONTENT, _PREAMBLE):
                is_content = self._state == _CONTENT
                payload, self._withheld = self._withheld, b""
                payload = payload or self._take_content()
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
            return memoryview(data)[:at]
        at = data.rfind(b"\r", max(0, len(data) - len(delimiter) + 1))
        if at < 0 or not delimiter.startswith(data[at:]):
            self._data = b""
            return data
        self._data = data[at:]
        return memoryview(data)[:at]

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
            from .multipart_faults import no_line_end

            raise no_line_end()
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
                from .multipart_faults import long_head

                raise long_head(MAX_PART_HEADERS_LENGTH)
            return NEED_DATA
        self._data = data[end + 2:]  # with the line end: a boundary may follow at once
        self._state = _BEGIN
        self.count += 1
        if self.count > self._max_parts:
            from .multipart_faults import many_parts

            raise many_parts(self._max_parts)
        return data[2:end].split(b"\r\n") if end else []

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
