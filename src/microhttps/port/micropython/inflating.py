"""MicroPython: compressed bodies. Layer 3."""

import io

import deflate

MAX_MEMBERS = 1000  # of one gzip body


def inflate(data, is_gzip, most):
    """At most `most` bytes of what gzip or deflate made smaller; raises ValueError, OSError or EOFError for a bad one.

    A gzip body may have several members (RFC 1952 section 2.2); what follows them is passed over.
    """
    source = io.BytesIO(data)
    if is_gzip:
        return _members(data, source, most)
    try:
        return _read(source, deflate.ZLIB, most)
    except OSError:  # some servers send deflate without its frame
        source.seek(0)
        return _read(source, deflate.RAW, most)


def _read(source, kind, most):
    return deflate.DeflateIO(source, kind, 15).read(most)


def _members(data, source, most):
    whole = _read(source, deflate.GZIP, most)
    for _ in range(MAX_MEMBERS):
        at = source.seek(0, 1)
        if len(whole) == most or data[at:at + 2] != b"\x1f\x8b":
            return whole
        whole += _read(source, deflate.GZIP, most - len(whole))
    raise ValueError("too many members")
