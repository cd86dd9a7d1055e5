"""An HTTP/1.1 request head as an object, and what both ways of taking a head apart share.

The heads themselves are taken by heads_by_expression (CPython) or heads_by_split (MicroPython), which hand the pieces
to `request_head` here. A rule broken there or here is never explained on this path: the answer is None, and module
`diagnose` is imported to find the first fault and to raise it. So a board that serves plain GETs keeps little more
than this file; `semantics` and `reasons` come with the first request that needs them. No I/O, no `re`.
Layer 2: imports grammar, and lazily semantics and reasons.

Rule: a repeated field is its values joined by a comma (RFC 9110 5.2). Host cannot hold one, so that two of them are
refused by the same line that refuses a bad one.
"""

from .grammar import is_host

# The answer of every `take_` function that has not seen enough bytes yet.
NEED_DATA = object()

LAST_CHUNK = b"0\r\n\r\n"

# BASELINE-CONTROL, the longest registered method, has 16.
MAX_METHOD_LENGTH = 32

# The fields that decide framing and routing. No other field is looked at here, and `_` never stands for `-`.
FRAMING_NAMES = {b"host", b"connection", b"content-length", b"transfer-encoding", b"expect", b"upgrade"}

# The last Host found good, and as text: on a server it is nearly always the next one too.
_good_host = (b"", "")


class RequestHead:
    """A request's head, valid in all its parts.

    `method`, `target` (str; "/path?query", "*" or, for CONNECT, "host:port"), `minor` (0 or 1), `fields` (pairs of
    bytes in the order they came, values stripped), `host` (str as sent, with its port, or None), `content_length`
    (0: none), `is_chunked`, `expects_continue`, `keep_alive`, `upgrade` (lower-case str or None), `end` (offset of
    the first byte after the head). What is usual stands in the class: a board then stores only what differs.
    """

    content_length = 0
    is_chunked = False
    expects_continue = False
    keep_alive = True
    host = None
    upgrade = None

    @property
    def has_body(self):
        """Whether a body follows."""
        return self.is_chunked or self.content_length > 0

    def __init__(self, method, target, minor, fields, end):
        self.method = method
        self.target = target
        self.minor = minor
        self.fields = fields
        self.end = end


# Hot: once a request.
def request_head(method, target, minor, fields, end):
    """The RequestHead of these valid pieces (bytes), or None if together they break a rule (RFC 9112 3.2, 6.3)."""
    global _good_host
    found = find_framing(fields)
    host = found.get(b"host")
    head = RequestHead(method.decode(), target.decode(), minor, fields, end)
    if host is None:
        if minor:
            return None
    else:
        if host != _good_host[0]:
            if not is_host(host):
                return None
            _good_host = (host, host.decode())
        head.host = _good_host[1]
    if target[0] != 0x2F or method == b"CONNECT":
        from .targets import take_target

        if not take_target(head, target):
            return None
    # One field is Host, and the other tells nothing new: what browsers and most clients send.
    if minor and (len(found) == 1 or len(found) == 2 and found.get(b"connection") in (b"keep-alive", b"Keep-Alive")):
        return head
    from .semantics import frame_request

    return frame_request(head, found)


def find_framing(fields):
    """The fields that decide framing, as a dictionary of lower-case name to value (bytes); repeated ones joined."""
    found = {}
    for name, value in fields:
        name = name.lower()
        if name in FRAMING_NAMES:
            found[name] = found[name] + b", " + value if name in found else value
    return found


def may_continue(data, start, line_room, field_room):
    """Whether `data` from `start` on is a head without its end so far, and without a fault that leaps to the eye.

    Cheap, because a peer may send a head by the byte. A fault it does not see is told when the head is whole.
    """
    line_end = data.find(b"\r\n", start)
    if line_end < 0:
        line_end, room = start, line_room
    else:
        room = field_room + 2
        if data.find(b"HTTP/1.", start, line_end) < 0 or data.find(b"\r\n\r\n", line_end) >= 0:
            return False
    if len(data) - line_end > room or start < len(data) and not data[start : start + 1].isupper():
        return False
    breaks = data.count(b"\r\n", start)
    return data.count(b"\n", start) == breaks and data.count(b"\r", start) - breaks <= (data[-1:] == b"\r")


def skip_empty_lines(data, start):
    """The offset after at most two CR LF: "a server SHOULD ignore at least one" before a request, RFC 9112 2.2."""
    for _ in range(2):
        if data[start : start + 2] == b"\r\n":
            start += 2
    return start


def encode_chunk(data):
    """One chunk of a chunked body (RFC 9112 7.1) with this data; b"" would end the body and gives b""."""
    return b"%x\r\n%s\r\n" % (len(data), data) if data else b""


def reason_of(status):
    """The phrase for a status code, "" for a rare one: RFC 9112 4 allows none, and clients ignore it."""
    if status == 200:
        return "OK"
    from .reasons import find_reason

    return find_reason(status)
