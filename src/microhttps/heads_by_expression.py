"""Message heads by one regular expression each: how CPython takes a head, in about two microseconds.

An expression matches a whole valid head or nothing. What it refuses is not judged here: module `diagnose` finds the
fault, and whether there is one or only bytes missing. MicroPython never imports this file; there heads_by_split does
the same, with the same verdict on every input (tests/wire/fuzz.py). Layer 2: imports http1, response_heads,
and lazily diagnose.

Every repeated class is followed by a byte it cannot contain, so that a failing match steps back over each byte once:
linear in the length of the head, whatever a peer sends.
"""

import re

from .http1 import MAX_METHOD_LENGTH, NEED_DATA, may_continue, request_head, skip_empty_lines
from .response_heads import response_head

_TOKEN = rb"!#$%&'*+\-.^_`|~0-9A-Z"
# A value must not end in white space here: a second, slower pattern takes those, and their fields are stripped.
_FIELDS = rb"((?:[%sa-z]+:[^\x00-\x08\n-\x1f\x7f]*%s\r\n)*)\r\n"
_NOT_BLANK = rb"(?<![ \t])"
_REQUEST = rb"(?:\r\n)?(?:\r\n)?([%s]{1,32}) ([!-\"$-~]+) HTTP/1\.([0-9])\r\n" % _TOKEN
_RESPONSE = rb"HTTP/1\.([0-9]) ([1-9][0-9][0-9])(?: ([^\x00-\x08\n-\x1f\x7f]*))?\r\n"

# An expression walks all of an unfinished head, and a peer may send one by the byte. A longer one is first leapt over
# to see whether it is whole.
_SHORT = 1024

_match_request = re.compile(_REQUEST + _FIELDS % (_TOKEN, _NOT_BLANK)).match
_match_loose_request = re.compile(_REQUEST + _FIELDS % (_TOKEN, b"")).match
_match_response = re.compile(_RESPONSE + _FIELDS % (_TOKEN, _NOT_BLANK)).match
_match_loose_response = re.compile(_RESPONSE + _FIELDS % (_TOKEN, b"")).match
# On a block found valid: name, white space, value.
_find_fields = re.compile(rb"([^:]+):[ \t]*([^\r]*)\r\n").findall


# Hot: once a request. A head of four fields takes about 2.3 us on CPython 3.11.
def take_request_head(data, start, limits):
    """The RequestHead that begins at `start`, or NEED_DATA; raises PeerError at the first fault."""
    if len(data) - start > _SHORT and data.find(b"\r\n\r\n", start) < 0:
        return _refuse_request(data, start, limits)
    match = _match_request(data, start)
    if match:
        method, target, minor, block = match.groups()
        fields = _find_fields(block)
    else:
        match = _match_loose_request(data, start)
        if not match:
            return _refuse_request(data, start, limits)
        method, target, minor, block = match.groups()
        fields = _stripped(block)
    if (
        len(target) <= limits.max_uri_length
        and len(block) <= limits.max_header_length
        and len(fields) <= limits.max_headers
    ):
        head = request_head(method, target, 0 if minor == b"0" else 1, fields, match.end())
        if head:
            return head
    return _refuse_request(data, start, limits)


def take_response_head(data, start, limits, method):
    """The ResponseHead at `start`, framed for the request's method (str), or NEED_DATA; raises PeerError."""
    is_whole = data.find(b"\r\n\r\n", start) >= 0
    match = is_whole and (_match_response(data, start) or _match_loose_response(data, start))
    if match:
        minor, status, reason, block = match.groups()
        fields = _stripped(block)
        reason = reason or b""
        length = max(len(reason), len(block))
        if length <= limits.max_header_length and len(fields) <= limits.max_headers:
            head = response_head(int(status), reason, 0 if minor == b"0" else 1, fields, match.end(), method)
            if head:
                return head
    if not is_whole and may_continue(data, start, limits.max_header_length, limits.max_header_length):
        return NEED_DATA
    from .diagnose import diagnose_response

    return diagnose_response(data, start, limits, method)


def _refuse_request(data, start, limits):
    # Method, blank, target, blank, version, CR.
    line_room = MAX_METHOD_LENGTH + limits.max_uri_length + 11
    if may_continue(data, skip_empty_lines(data, start), line_room, limits.max_header_length):
        return NEED_DATA
    from .diagnose import diagnose_request

    return diagnose_request(data, start, limits)


def _stripped(block):
    return [(name, value.rstrip(b" \t")) for name, value in _find_fields(block)]
