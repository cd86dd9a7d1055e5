"""CPython: compressed bodies. Layer 3."""

import zlib

MAX_MEMBERS = 10_000  # of one gzip body: each costs some microseconds, and could hold nothing
CHUNK = 16 * 1024  # what zlib leaves of it is copied
GZIP, ZLIB, RAW = 31, 15, -15  # zlib's names for them


def inflate(data, is_gzip, most):
    """At most `most` bytes of what gzip or deflate made smaller; raises ValueError or EOFError when it is not whole.

    A gzip body may have several members (RFC 1952 section 2.2); what follows them is passed over.
    """
    try:
        if is_gzip:
            return _members(memoryview(data), most)
        try:
            return _member(memoryview(data), ZLIB, most)[0]
        except zlib.error:  # some servers send deflate without zlib's frame
            return _member(memoryview(data), RAW, most)[0]
    except zlib.error as error:
        raise ValueError(str(error))


def _members(data, most):
    pieces = []
    for _ in range(MAX_MEMBERS):
        piece, data = _member(data, GZIP, most)
        pieces.append(piece)
        most -= len(piece)
        if not most or data[:2] != b"\x1f\x8b":
            return b"".join(pieces)
    raise ValueError("too many members")


def _member(data, window, most):
    """(at most `most` bytes of what one member holds, what follows it)."""
    machine = zlib.decompressobj(window)
    pieces = []
    while most and not machine.eof:
        if not data:
            raise EOFError("the compressed body was cut")
        chunk = data[:CHUNK]
        piece = machine.decompress(chunk, most)
        pieces.append(piece)
        most -= len(piece)
        data = data[len(chunk) - len(machine.unused_data):]
    return b"".join(pieces), data
