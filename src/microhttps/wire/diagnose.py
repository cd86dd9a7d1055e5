"""Why a head is refused: the first fault from the left, or NEED_DATA if none is there yet.

Slow and plain, the one place that knows the sentences, loaded when a peer misbehaves. Both ways of taking a head ask
it, so their errors are the same. What it says about a fault depends only on the bytes up to that fault: a head that
comes by the byte and a head with a million bytes behind it get the same code and the same message.
Layer 2: imports errors, grammar, http1 and semantics.
"""

from ..errors import PeerError
from .grammar import TOKEN, is_host
from .http1 import MAX_METHOD_LENGTH, NEED_DATA, find_framing, skip_empty_lines
from .semantics import is_continue, is_length, split_list
from .targets import is_authority, split_absolute

_METHOD = bytes(byte for byte in TOKEN if not 0x61 <= byte <= 0x7A)
_TARGET = bytes(byte for byte in range(0x21, 0x7F) if byte != 0x23)
_VALUE = b"\t" + bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100))


class _Unfinished(Exception):
    """The bytes end before the head does, and none of them is at fault."""


def diagnose_request(data, start, limits):
    """NEED_DATA if the request head at `start` may still become valid; raises the PeerError of its first fault."""
    # More than this is never needed to find a fault: two empty lines, the request line, the fields, one byte too many.
    room = 4 + MAX_METHOD_LENGTH + limits.max_uri_length + limits.max_header_length + 16
    head = bytes(memoryview(data)[start : start + room])
    try:
        at = skip_empty_lines(head, 0)
        if head[at:] in (b"", b"\r") and at < 4:
            return NEED_DATA
        method, target, at = _scan_request_line(head, at, limits)
        minor = _scan_version(head, at, "bad_request_line")
        at = _scan_line_end(head, at + 8, "bad_request_line", "the request line")
        fields = _scan_fields(head, at, limits)
    except _Unfinished:
        return NEED_DATA
    _judge_request(method, target, minor, fields)
    raise PeerError("bad_header", "the head breaks a rule that has no name here")


def diagnose_response(data, start, limits, method):
    """NEED_DATA if the response head at `start` may still become valid; raises the PeerError of its first fault."""
    room = 16 + limits.max_header_length + limits.max_header_length + 8
    head = bytes(memoryview(data)[start : start + room])
    try:
        minor = _scan_version(head, 0, "bad_status_line")
        at = _scan_status(head, 8, limits)
        fields = _scan_fields(head, at, limits)
    except _Unfinished:
        return NEED_DATA
    _judge_lengths(minor, fields, False)
    raise PeerError("bad_header", "the head breaks a rule that has no name here")


def _scan_request_line(head, at, limits):
    """(method, target, offset of the version)."""
    line = head[at : at + MAX_METHOD_LENGTH + limits.max_uri_length + 3]
    rest = line.lstrip(_METHOD)
    method = line[: len(line) - len(rest)]
    if len(method) > MAX_METHOD_LENGTH:
        raise PeerError("bad_request_line", "method has more than %d bytes" % MAX_METHOD_LENGTH)
    if not rest:
        raise _Unfinished()
    if rest[0] != 0x20 or not method:
        raise _bad_method(method, rest[0])
    rest = rest[1:]
    after = rest.lstrip(_TARGET)
    target = rest[: len(rest) - len(after)]
    if len(target) > limits.max_uri_length:
        raise PeerError("uri_too_long", "target has more than %d bytes" % limits.max_uri_length, 414)
    if not after:
        raise _Unfinished()
    if after[0] != 0x20 or not target:
        raise _bad_target(target, after[0])
    return method, target, at + len(method) + 1 + len(target) + 1


def _bad_method(method, byte):
    if not method and byte in (0x16, 0x80):
        return PeerError("peer_speaks_tls", "the peer began a TLS handshake, plain HTTP was expected")
    if 0x61 <= byte <= 0x7A:
        return PeerError("bad_request_line", "method in upper case expected, got " + repr(chr(byte)))
    if not method:
        return PeerError("bad_request_line", "method expected, got byte " + _byte(byte))
    return PeerError("bad_request_line", "blank expected after method %s, got byte %s" % (show(method), _byte(byte)))


def _bad_target(target, byte):
    if not target:
        return PeerError("bad_request_line", "target expected after the method, got byte " + _byte(byte))
    if byte in (0x0D, 0x0A):
        return PeerError("bad_request_line", "HTTP version expected after target %s, got end of line" % show(target))
    return PeerError("bad_request_line", "target %s is followed by byte %s" % (show(target), _byte(byte)))


def _scan_version(head, at, code):
    """The minor version (0 or 1) of the "HTTP/1.x" at this offset."""
    version = head[at : at + 8]
    if code == "bad_status_line" and version[:1] in (b"\x15", b"\x16"):
        raise PeerError("peer_speaks_tls", "the peer answered with TLS, plain HTTP was expected")
    for index, byte in enumerate(version):
        wanted = b"HTTP/0.0"[index]
        if byte != wanted and not (wanted == 0x30 and 0x30 <= byte <= 0x39):
            raise PeerError(code, "HTTP version expected, got %s" % show(version[: index + 1]))
    if len(version) < 8:
        raise _Unfinished()
    if version[5] != 0x31:
        raise PeerError("http_version_not_supported", "HTTP/1.1 expected, got %s" % show(version), 505)
    return 0 if version[7] == 0x30 else 1


def _scan_line_end(head, at, code, where):
    """The offset after the CR LF that must be here."""
    for wanted in b"\r\n":
        if at == len(head):
            raise _Unfinished()
        if head[at] != wanted:
            raise PeerError(code, "CR LF expected at the end of %s, got byte %s" % (where, _byte(head[at])))
        at += 1
    return at


def _scan_status(head, at, limits):
    """The offset after the status line whose version ended at `at`."""
    for wanted in b" 100":
        if at == len(head):
            raise _Unfinished()
        byte = head[at]
        if byte != wanted and not (wanted != 0x20 and wanted <= byte <= 0x39):
            raise PeerError("bad_status_line", "three digits of status expected, got byte " + _byte(byte))
        at += 1
    if head[at : at + 1] == b" ":
        reason = head[at + 1 : at + 2 + limits.max_header_length]
        at += 1 + len(reason) - len(reason.lstrip(_VALUE))
        if at - 13 > limits.max_header_length:
            raise PeerError("bad_status_line", "reason has more than %d bytes" % limits.max_header_length)
    return _scan_line_end(head, at, "bad_status_line", "the status line")


def _scan_fields(head, at, limits):
    """The fields of the block that begins at this offset, as pairs."""
    fields = []
    left = limits.max_header_length
    while True:
        if at >= len(head):
            raise _Unfinished()
        if head[at] == 0x0D:
            _scan_line_end(head, at, "bad_header", "the head")
            return fields
        if len(fields) == limits.max_headers:
            raise PeerError("too_many_headers", "head has more than %d fields" % limits.max_headers, 431)
        end = head.find(b"\n", at)
        line = head[at : end + 1] if end >= 0 else head[at:]
        fields.append(_scan_field(line[:left], not fields))
        if len(line) > left:
            raise PeerError("header_too_long", "fields have more than %d bytes" % limits.max_header_length, 431)
        if fields[-1] is None:
            raise _Unfinished()
        left -= len(line)
        at += len(line)


def _scan_field(line, is_first):
    """The (name, value) of one field line with its CR LF, None if the line is good but not whole."""
    rest = line.lstrip(TOKEN)
    name = line[: len(line) - len(rest)]
    if not rest:
        return None
    if rest[0] != 0x3A or not name:
        raise PeerError("bad_header", _bad_name(name, rest[0], is_first))
    after = rest[1:].lstrip(_VALUE)
    if after == b"" or after == b"\r":
        return None
    if after[:2] != b"\r\n":
        raise PeerError("bad_header", _bad_value(name, after))
    return name, rest[1 : len(rest) - len(after)].strip(b" \t")


def _bad_name(name, byte, is_first):
    if not name:
        if byte in (0x20, 0x09):
            if is_first:
                return "white space before the first field"
            return "a field continues on a second line"
        return "field name expected, got byte " + _byte(byte)
    if byte in (0x20, 0x09):
        return "white space between field name %s and its colon" % show(name)
    if byte in (0x0D, 0x0A):
        return "colon expected after field name %s, got end of line" % show(name)
    return "field name %s is followed by byte %s" % (show(name), _byte(byte))


def _bad_value(name, rest):
    if rest[0] == 0x0D:
        return "field %s has a CR without LF" % show(name)
    if rest[0] == 0x0A:
        return "field %s ends in LF without CR" % show(name)
    return "field %s has byte %s in its value" % (show(name), _byte(rest[0]))


def _judge_request(method, target, minor, fields):
    found = find_framing(fields)
    _judge_host(found.get(b"host"), minor)
    _judge_target(method, target, found.get(b"host"))
    _judge_lengths(minor, fields, True)
    if b"expect" in found and not is_continue(found[b"expect"]):
        message = "100-continue is all that can be expected, got %s" % show(found[b"expect"])
        raise PeerError("expectation_failed", message, 417)


def _judge_host(host, minor):
    if host is None:
        if minor:
            raise PeerError("bad_host", "HTTP/1.1 asks for a Host field, there is none")
    elif not is_host(host):
        raise PeerError("bad_host", "host, or host:port, expected in the Host field, got %s" % show(host))


def _judge_target(method, target, host):
    if method == b"CONNECT":
        if not is_authority(target):
            raise PeerError("bad_target", "host:port expected after CONNECT, got %s" % show(target))
        return
    if target[:1] == b"/" or target == b"*" and method == b"OPTIONS":
        return
    authority = split_absolute(target)[0]
    if not authority or not is_host(authority):
        raise PeerError("bad_target", "a path or an http URL of a host expected as target, got %s" % show(target))
    if host == b"":
        raise PeerError("bad_host", "Host field is empty, the target names host %s" % show(authority))


def _judge_lengths(minor, fields, is_request):
    found = find_framing(fields)
    length = found.get(b"content-length")
    coding = found.get(b"transfer-encoding")
    if length is not None and coding is not None:
        raise PeerError("two_lengths", "Content-Length and Transfer-Encoding in one message")
    if length is not None and not is_length(length):
        if length.isdigit() and is_request:
            raise PeerError("body_too_large", "Content-Length has %d digits" % len(length), 413)
        raise PeerError("bad_content_length", "one number expected in Content-Length, got %s" % show(length))
    if coding is not None:
        _judge_coding(split_list(coding), coding, minor)


def _judge_coding(codings, coding, minor):
    if not minor:
        raise PeerError("bad_transfer_encoding", "Transfer-Encoding in an HTTP/1.0 message")
    if codings == [b"chunked"]:
        return
    if codings[-1] == b"chunked" and codings.count(b"chunked") == 1 and b"" not in codings:
        message = "chunked alone is supported in Transfer-Encoding, got %s" % show(coding)
        raise PeerError("unsupported_transfer_coding", message, 501)
    raise PeerError("bad_transfer_encoding", "chunked expected in Transfer-Encoding, got %s" % show(coding))


def show(value):
    """Bytes of a peer as text for a message: quoted, escaped, at most forty of them."""
    return repr(value)[1:] if len(value) <= 40 else repr(value[:40])[1:] + "..."


def _byte(byte):
    return "0x%02x" % byte
