"""Parts of a body: which of them a Range field asks for, and several of them as one body. RFC 9110 section 14.

Bounded whatever is asked: at most MOST parts, and together never more bytes than the whole. Pure. Layer 6.
"""

import binascii
import os

from ..wire.headers import encode_fields

MOST = (4, 32)  # on a board, on a computer; a reader of PDF asks for a handful. Apache: 200


def take_ranges(value, size, most):
    """[(start, length), …] of a Range field (bytes) for a body of `size`; [] if none is there, None: send it whole.

    Whole is the answer to another unit, to what is malformed, to what asks for more than there is; and an empty file
    is always whole, as nginx has it: players and downloaders begin with `bytes=0-`.
    """
    unit, _, listed = value.partition(b"=")
    specs = [spec.strip(b" \t") for spec in listed.split(b",", most + 1)]
    specs = [spec for spec in specs if spec]
    if unit.strip(b" \t").lower() != b"bytes" or not 0 < len(specs) <= most or not size:
        return None
    found = []
    for spec in specs:
        first, dash, last = spec.partition(b"-")
        if not dash or not _is_number(first) or not _is_number(last) or not first and not last:
            return None
        if first and last and int(last) < int(first):
            return None
        start, end = _bounds(first, last, size)
        if start < end:
            found.append((start, end - start))
    return None if sum(length for _, length in found) > size else found


def _is_number(digits):
    return len(digits) < 20 and (not digits or digits.isdigit())


def _bounds(first, last, size):
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(int(last) + 1, size) if last else size


def content_range(start, length, size):
    """The value of Content-Range of one part."""
    return "bytes %d-%d/%d" % (start, start + length - 1, size)


def multipart(ranges, size, content_type):
    """(media type, [(text, start, length), …]) of several parts as one body (RFC 9110 section 14.6)."""
    boundary = binascii.hexlify(os.urandom(12))  # nobody who wrote the file could have known it
    parts = []
    for start, length in ranges:
        fields = encode_fields((("Content-Type", content_type), ("Content-Range", content_range(start, length, size))))
        parts.append((b"\r\n--" + boundary + b"\r\n" + fields + b"\r\n", start, length))
    parts.append((b"\r\n--" + boundary + b"--\r\n", 0, 0))
    return "multipart/byteranges; boundary=" + boundary.decode(), parts
