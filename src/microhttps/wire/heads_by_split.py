"""Message heads by `find` and `split` over one bytes object: how MicroPython takes a head.

Its `re` is slow and knows too little, a loop over the bytes would be slower still. So every check here is one call
into C for many bytes: strip() by a set of allowed bytes must leave nothing, counts must agree. What fails is not
judged here: module `diagnose` finds the fault. CPython uses heads_by_expression, which gives the same verdict on every
input (tests/wire/fuzz.py). Layer 2: imports grammar, http1, and lazily response_heads and
diagnose.
"""

from .grammar import TOKEN
from .http1 import MAX_METHOD_LENGTH, NEED_DATA, may_continue, request_head, skip_empty_lines

# Tab, CR, LF and all that ASCII can show, frequent bytes first.
_TEXT = b"eotnasrilpcmdhu-g/.: \r\n,=;0123456789fwyvkbxqjzCAHTEMSUGLIPDNFORWKBVXQYZJ()+*?&%_\"'!#$<>@[\\]^`{|}~\t"


# Hot: once a request. Measured for a head of four fields on MicroPython 1.25 (unix): 16 us.
def take_request_head(data, start, limits):
    """The RequestHead that begins at `start`, or NEED_DATA; raises PeerError at the first fault."""
    begin = skip_empty_lines(data, start)
    end = data.find(b"\r\n\r\n", begin)
    if end >= 0:
        lines = _split_lines(data, begin, end, limits)
        head = lines and _request(lines, limits, end + 4)
        if head:
            return head
    # Method, blank, target, blank, version, CR.
    elif may_continue(data, begin, MAX_METHOD_LENGTH + limits.max_uri_length + 11, limits.max_header_length):
        return NEED_DATA
    from .diagnose import diagnose_request

    return diagnose_request(data, start, limits)


def take_response_head(data, start, limits, method):
    """The ResponseHead at `start`, framed for the request's method (str), or NEED_DATA; raises PeerError."""
    from .response_heads import take_lines

    end = data.find(b"\r\n\r\n", start)
    return take_lines(data, start, end, limits, method, end >= 0 and _split_lines(data, start, end, limits))


def _split_lines(data, begin, end, limits):
    """The first line and the pairs of the fields, all bytes in one list; or None if a field is bad or too much."""
    # Through a memoryview, so that a bytearray is copied once, and into bytes.
    head = bytes(memoryview(data)[begin:end])
    rest = head.lstrip(_TEXT)
    # Bytes from 0x80 on are rare but allowed in values ("obs-text", RFC 9110 5.5).
    if rest and rest.lstrip(_TEXT + bytes(range(0x80, 0x100))):
        return None
    lines = head.split(b"\r\n")
    count = len(lines) - 1
    if head.count(b"\r") != count or head.count(b"\n") != count or count > limits.max_headers:
        return None
    if len(head) - len(lines[0]) > limits.max_header_length:
        return None
    for at in range(1, count + 1):
        name, colon, value = lines[at].partition(b":")
        if not colon or not name or name.lstrip(TOKEN):
            return None
        lines[at] = (name, value.strip(b" \t"))
    return lines


def _request(lines, limits, end):
    parts = lines.pop(0).split(b" ")
    if len(parts) != 3:
        return None
    method, target, version = parts
    if not 0 < len(method) <= MAX_METHOD_LENGTH or method.lstrip(TOKEN) or method != method.upper():
        return None
    if not 0 < len(target) <= limits.max_uri_length or target.lstrip(_TEXT) or b"#" in target or b"\t" in target:
        return None
    if len(version) != 8 or version[:7] != b"HTTP/1." or not version[7:].isdigit():
        return None
    # A 1.2 is read as a 1.1 (RFC 9110 2.5).
    return request_head(method, target, 0 if version[7] == 0x30 else 1, lines, end)
