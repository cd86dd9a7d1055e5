"""The head of an answer that is not the usual 200 to HTTP/1.1: loaded with the first of these. Layer 6."""

from ..wire.http1 import reason_of


def encode_message(status, lines, body, head, is_last, length=None):
    """A whole answer, or with `body` None its head before a body of this length, None if unknown (RFC 9112 6)."""
    if body is not None:
        length = len(body)
    if status == 204 or status == 304:
        ending = b""  # neither has a body, and a 204 must not announce one (RFC 9110 section 8.6)
        body = b""
    elif length is not None:
        ending = b"Content-Length: %d\r\n" % length
    else:
        ending = b"Transfer-Encoding: chunked\r\n" if head.minor else b""
        is_last = is_last or not head.minor  # to HTTP/1.0 the close is the end of it
    if is_last:
        ending += b"Connection: close\r\n"
    elif not head.minor:
        ending += b"Connection: keep-alive\r\n"
    if body is None or head.method == "HEAD":
        body = b""
    return b"HTTP/1.1 %d %s\r\n%s%s\r\n%s" % (status, reason_of(status).encode(), lines, ending, body)
