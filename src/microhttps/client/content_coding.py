"""Compressed answers made whole again (RFC 9110 section 8.4.1): gzip and deflate, bounded. Layer 9."""

from ..errors import PeerError
from ..port import system


def decoded(content, fields, limit):
    """The content as it was before the Content-Encoding that these fields (pairs of bytes) name; an unknown one stays.

    Raises PeerError("body_too_large") when it would be longer than the limit, PeerError("bad_compression").
    """
    codings = b", ".join([value for name, value in fields if name.lower() == b"content-encoding"])
    for coding in reversed(codings.lower().split(b",")):
        coding = coding.strip()
        if coding not in (b"gzip", b"x-gzip", b"deflate"):
            return content
        try:
            content = system.inflate(content, coding != b"deflate", limit + 1)
        except (ValueError, OSError, EOFError) as error:
            raise PeerError("bad_compression", cause=error)
        if len(content) > limit:
            raise PeerError("body_too_large", limit=limit, setting="max_content_length")
    return content
