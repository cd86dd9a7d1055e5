"""An HTTP/1.1 response head as an object: how its body is framed for the request it answers. Loaded by clients only.

As with requests, the answer to a broken rule is None, and `diagnose` names it. No I/O. Layer 2: imports http1,
semantics, and lazily diagnose.
"""

from .http1 import NEED_DATA, find_framing, may_continue
from .semantics import is_chunked, is_length, split_list


class ResponseHead:
    """A response's head, valid in all its parts.

    `status`, `reason` (bytes, as sent), `minor`, `fields` (pairs of bytes, values stripped), `content_length` (None:
    not announced), `is_chunked`, `keep_alive`, `end` (offset of the first byte after the head), and `body`, which is
    "none", "length", "chunked" or "until_close" (RFC 9112 6.3). `is_plain` says that there are neither cookies nor a
    coding among the fields; it is told where that is known without looking.
    """

    content_length = None
    is_chunked = False
    is_plain = False
    body = "none"

    def __init__(self, status, reason, minor, fields, end):
        self.status = status
        self.reason = reason
        self.minor = minor
        self.fields = fields
        self.end = end


def response_head(status, reason, minor, fields, end, method):
    """The ResponseHead of these valid pieces, framed for the request's `method`, or None if they break a rule.

    Two lengths are refused, although RFC 9112 6.3 would let a client believe one of them: who sends both is attacking
    or attacked.
    """
    head = ResponseHead(status, reason, minor, fields, end)
    found = find_framing(fields)
    options = split_list(found.get(b"connection", b""))
    head.keep_alive = b"close" not in options and (minor > 0 or b"keep-alive" in options)
    length = found.get(b"content-length")
    if length is not None:
        if b"transfer-encoding" in found or not is_length(length):
            return None
        head.content_length = int(length)
    elif b"transfer-encoding" in found:
        if not minor or not is_chunked(found):
            return None
        head.is_chunked = True
    _frame_body(head, method)
    return head


def _frame_body(head, method):
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


def take_lines(data, start, end, limits, method, lines):
    """What heads_by_split answers for a response whose end was looked for (-1: none yet) and whose lines were split.

    Here and not there, because a server on a board would keep it for nothing.
    """
    head = lines and _head_of_lines(lines, limits, end + 4, method)
    if head:
        return head
    if end < 0 and may_continue(data, start, limits.max_header_length, limits.max_header_length):
        return NEED_DATA
    from .diagnose import diagnose_response

    return diagnose_response(data, start, limits, method)


def _head_of_lines(lines, limits, end, method):
    line = lines.pop(0)
    status = line[9:12]
    if line[:7] != b"HTTP/1." or not line[7:8].isdigit() or line[8:9] != b" ":
        return None
    if len(status) != 3 or not status.isdigit() or status[0] == 0x30 or line[12:13] not in (b" ", b""):
        return None
    reason = line[13:]
    if len(reason) > limits.max_header_length:
        return None
    return response_head(int(status), reason, 0 if line[7] == 0x30 else 1, lines, end, method)
