"""What an HTTP/1.1 message head means: how its body is framed, whether the connection lives on, which host is meant.

The heads themselves are taken apart by heads_by_expression (CPython) or heads_by_split (MicroPython), which hand the
pieces to `request_head` and `response_head` here. A rule broken there or here is never explained on this path: the
answer is None, and module `diagnose` is imported to find the first fault and to raise it, so that a board pays for
the sentences only when a peer misbehaves. No I/O, no `re`. Layer 2: imports headers.

Rule: a repeated field is its values joined by a comma (RFC 9110 5.2); Host and Content-Length cannot hold one, so
that two of them are refused by the same line that refuses a bad one.
"""

from .headers import TOKEN, is_host

# The answer of every `take_` function that has not seen enough bytes yet.
NEED_DATA = object()

LAST_CHUNK = b"0\r\n\r\n"

# More digits than any real length has, and than is worth converting.
MAX_LENGTH_DIGITS = 18
# BASELINE-CONTROL, the longest registered method, has 16.
MAX_METHOD_LENGTH = 32

# The fields that decide framing and routing. No other field is looked at here, and `_` never stands for `-`.
FRAMING_NAMES = {b"host", b"connection", b"content-length", b"transfer-encoding", b"expect", b"upgrade"}

_REASONS = """
101 Switching Protocols
201 Created
202 Accepted
204 No Content
206 Partial Content
301 Moved Permanently
302 Found
303 See Other
304 Not Modified
307 Temporary Redirect
308 Permanent Redirect
400 Bad Request
401 Unauthorized
403 Forbidden
404 Not Found
405 Method Not Allowed
408 Request Timeout
409 Conflict
413 Content Too Large
414 URI Too Long
416 Range Not Satisfiable
417 Expectation Failed
426 Upgrade Required
429 Too Many Requests
431 Request Header Fields Too Large
500 Internal Server Error
501 Not Implemented
503 Service Unavailable
505 HTTP Version Not Supported
"""

_KEEP_ALIVE = (b"keep-alive", b"Keep-Alive")

# The last Host found good: on a server it is nearly always the next one too.
_good_host = b""


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

    def __init__(self, method, target, minor, fields, end):
        self.method = method
        self.target = target
        self.minor = minor
        self.fields = fields
        self.end = end


class ResponseHead:
    """A response's head, valid in all its parts.

    `status`, `reason` (bytes, as sent), `minor`, `fields`, `content_length` (None: not announced), `is_chunked`,
    `keep_alive`, `end` as in RequestHead; `body` is "none", "length", "chunked" or "until_close" (RFC 9112 6.3).
    """

    content_length = None
    is_chunked = False
    keep_alive = True
    body = "none"

    def __init__(self, status, reason, minor, fields, end):
        self.status = status
        self.reason = reason
        self.minor = minor
        self.fields = fields
        self.end = end


def request_head(method, target, minor, fields, end):
    """The RequestHead of these valid pieces (bytes), or None if together they break a rule (RFC 9112 3.2, 6.3)."""
    global _good_host
    found = find_framing(fields)
    host = found.get(b"host")
    head = RequestHead(method.decode(), target.decode(), minor, fields, end)
    if host is None:
        if minor:
            return None
    elif host == _good_host or is_host(host):
        _good_host = host
        head.host = host.decode()
    else:
        return None
    if (target[0] != 0x2F or method == b"CONNECT") and not _take_target(head, target):
        return None
    # One field is Host, and the other tells nothing new: what browsers and most clients send.
    if minor and (len(found) == 1 or len(found) == 2 and found.get(b"connection") in _KEEP_ALIVE):
        return head
    return _frame_request(head, found)


def _take_target(head, target):
    """Read a target that is no plain path, RFC 9112 3.2.2 to 3.2.4; False if its form does not fit."""
    if head.method == "CONNECT":
        return is_host(target) and target.rsplit(b":", 1)[-1].isdigit()
    if target == b"*":
        return head.method == "OPTIONS"
    authority, path = split_absolute(target)
    if not authority or head.host == "" or not is_host(authority):
        return False
    # "MUST ignore the received Host header field (if any)", 3.2.2.
    head.host = authority.decode()
    if not path and head.method == "OPTIONS":
        head.target = "*"
    else:
        head.target = (path if path[:1] == b"/" else b"/" + path).decode()
    return True


def _frame_request(head, found):
    length = found.get(b"content-length")
    if b"transfer-encoding" in found:
        if length is not None or not head.minor or found[b"transfer-encoding"].lower() != b"chunked":
            return None
        head.is_chunked = True
    elif length is not None:
        if not is_length(length):
            return None
        head.content_length = int(length)
    has_body = head.is_chunked or head.content_length > 0
    if b"expect" in found:
        if not is_continue(found[b"expect"]):
            return None
        head.expects_continue = has_body and head.minor > 0
    options = split_list(found.get(b"connection", b""))
    head.keep_alive = b"close" not in options and (head.minor > 0 or b"keep-alive" in options)
    # A GET with a body is not switched: the body would be read as frames of the new protocol.
    if b"upgrade" in found and b"upgrade" in options and head.method == "GET" and head.minor and not has_body:
        if b"" == found[b"upgrade"].lstrip(TOKEN + b"/, \t"):
            head.upgrade = found[b"upgrade"].decode().lower()
    return head


def response_head(status, reason, minor, fields, end, method):
    """The ResponseHead of these valid pieces, framed for the request's `method`, or None if they break a rule."""
    head = ResponseHead(status, reason, minor, fields, end)
    found = find_framing(fields)
    length = found.get(b"content-length")
    options = split_list(found.get(b"connection", b""))
    head.keep_alive = b"close" not in options and (minor > 0 or b"keep-alive" in options)
    if length is not None:
        if b"transfer-encoding" in found or not is_length(length):
            return None
        head.content_length = int(length)
    elif b"transfer-encoding" in found:
        if not minor or found[b"transfer-encoding"].lower() != b"chunked":
            return None
        head.is_chunked = True
    _frame_response(head, method)
    return head


def _frame_response(head, method):
    """RFC 9112 6.3, items 1, 2, 4, 6 and 8."""
    status = head.status
    if status < 200 or status == 204:
        # It must announce no body. One that does may send it, too, and then the next answer is not where it seems.
        if head.is_chunked or head.content_length:
            head.keep_alive = False
    elif status == 304 or method == "HEAD" or method == "CONNECT" and status < 300:
        pass
    elif head.is_chunked:
        head.body = "chunked"
    elif head.content_length is not None:
        head.body = "length"
    else:
        head.body = "until_close"
        head.keep_alive = False


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
    return data.count(b"\n", start) == data.count(b"\r\n", start)


def may_continue_request(data, start, limits):
    """`may_continue` for a request whose method begins at `start` or after empty lines there."""
    # Method, blank, target, blank, version, CR.
    line_room = MAX_METHOD_LENGTH + 1 + limits.max_uri_length + 10
    return may_continue(data, skip_empty_lines(data, start), line_room, limits.max_header_length)


def skip_empty_lines(data, start):
    """The offset after at most two CR LF: "a server SHOULD ignore at least one" before a request, RFC 9112 2.2."""
    for _ in range(2):
        if data[start : start + 2] == b"\r\n":
            start += 2
    return start


def is_length(value):
    """Whether a Content-Length is digits and nothing else, and not absurdly many."""
    return len(value) <= MAX_LENGTH_DIGITS and value.isdigit()


def is_continue(value):
    """Whether an Expect field expects what we can do, RFC 9110 10.1.1."""
    return value.lower() == b"100-continue"


def split_list(value):
    """The lower-case members of a comma-separated field (RFC 9110 5.6.1)."""
    return [member.strip(b" \t") for member in value.lower().split(b",")]


def split_absolute(target):
    """(authority, the rest) of an absolute-form target; (b"", b"") if it is none."""
    scheme, colon, rest = target.partition(b"://")
    if not colon or scheme.lower() not in (b"http", b"https"):
        return b"", b""
    authority = rest.split(b"/", 1)[0].split(b"?", 1)[0]
    return authority, rest[len(authority) :]


def encode_chunk(data):
    """One chunk of a chunked body (RFC 9112 7.1) with this data; b"" would end the body and gives b""."""
    return b"%x\r\n%s\r\n" % (len(data), data) if data else b""


def reason_of(status):
    """The phrase for a status code, "" for a rare one: RFC 9112 4 allows none and clients must not use it."""
    if status == 200:
        return "OK"
    at = _REASONS.find("\n%d " % status)
    return _REASONS[at + 5 : _REASONS.find("\n", at + 5)] if at >= 0 else ""
