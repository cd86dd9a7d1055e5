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


# Hot: once a request. Measured for a head of four fields on MicroPython 1.25 (unix).
def take_request_head(data, start, limits):
    """The RequestHead that begins at `start`, or NEED_DATA; raises PeerError at the first fault."""
    begin = skip_empty_lines(data, start)
    end = data.find(b"\r\n\r\n", begin)
    if end >= 0:
        lines = _split_lines(data, begin, end)
        head = lines and _request(lines, end - begin, limits, end + 4)
        if head:
            return head
    # Method, blank, target, blank, version, CR.
    elif may_continue(data, begin, MAX_METHOD_LENGTH + limits.max_uri_length + 11, limits.max_header_length):
        return NEED_DATA
    from .diagnose import diagnose_request

    return diagnose_request(data, start, limits)


def take_response_head(data, start, limits, method):
    """The ResponseHead that begins at `start`, framed for the request's method (str), or NEED_DATA; raises PeerError."""
    end = data.find(b"\r\n\r\n", start)
    if end >= 0:
        lines = _split_lines(data, start, end)
        head = lines and _response(lines, end - start, limits, end + 4, method)
        if head:
            return head
    elif may_continue(data, start, limits.max_header_length, limits.max_header_length):
        return NEED_DATA
    from .diagnose import diagnose_response

    return diagnose_response(data, start, limits, method)


def _split_lines(data, begin, end):
    """The lines of a head, or None if one holds a CR, an LF or a control byte."""
    # Through a memoryview, so that a bytearray is copied once, and into bytes.
    head = bytes(memoryview(data)[begin:end])
    rest = head.lstrip(_TEXT)
    # Bytes from 0x80 on are rare but allowed in values ("obs-text", RFC 9110 5.5).
    if rest and rest.lstrip(_TEXT + bytes(range(0x80, 0x100))):
        return None
    lines = head.split(b"\r\n")
    breaks = len(lines) - 1
    return lines if head.count(b"\r") == breaks and head.count(b"\n") == breaks else None


def _request(lines, length, limits, end):
    parts = lines[0].split(b" ")
    if len(parts) != 3:
        return None
    method, target, version = parts
    if not 0 < len(method) <= MAX_METHOD_LENGTH or method.lstrip(TOKEN) or method != method.upper():
        return None
    if not 0 < len(target) <= limits.max_uri_length or target.lstrip(_TEXT) or b"#" in target or b"\t" in target:
        return None
    minor = _minor_of(version)
    if minor < 0:
        return None
    fields = _split_fields(lines, length, limits)
    return None if fields is None else request_head(method, target, minor, fields, end)


def _response(lines, length, limits, end, method):
    parts = lines[0].split(b" ", 2)
    status = parts[1] if len(parts) > 1 else b""
    reason = parts[2] if len(parts) > 2 else b""
    minor = _minor_of(parts[0])
    if minor < 0 or len(status) != 3 or not status.isdigit() or status[0] == 0x30:
        return None
    if len(reason) > limits.max_header_length:
        return None
    fields = _split_fields(lines, length, limits)
    if fields is None:
        return None
    from .response_heads import response_head

    return response_head(int(status), reason, minor, fields, end, method)


def _minor_of(version):
    """0 or 1 for "HTTP/1.0" or a later HTTP/1, -1 for all else. A 1.2 is read as a 1.1 (RFC 9110 2.5)."""
    if len(version) != 8 or version[:7] != b"HTTP/1." or not version[7:].isdigit():
        return -1
    return 0 if version[7] == 0x30 else 1


def _split_fields(lines, length, limits):
    """The pairs of the field lines in `lines`, which it consumes, or None."""
    line = lines.pop(0)
    if length - len(line) > limits.max_header_length or len(lines) > limits.max_headers:
        return None
    for at in range(len(lines)):
        name, colon, value = lines[at].partition(b":")
        if not colon or not name or name.lstrip(TOKEN):
            return None
        lines[at] = (name, value.strip(b" \t"))
    return lines
