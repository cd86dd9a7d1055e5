"""The bytes of an answer on the wire: head and body in one object, so that a small answer leaves in one TLS record.

A large one is not copied behind its head, for which a board has no room: it follows by itself.

The usual results of a handler (text, bytes, a dictionary, a list) are encoded here, on the hot path; all others, and
Response itself, are in `response`, which is loaded when one comes. Layer 5.
"""

import json

from .http1 import reason_of
from .port import system

TEXT = b"Content-Type: text/plain; charset=utf-8\r\n"
JSON = b"Content-Type: application/json\r\n"
BYTES = b"Content-Type: application/octet-stream\r\n"


def encode_answer(result, status, head, is_last, date):
    """(bytes to send, what follows them or None) for what a handler returned; raises UsageError.

    `date` is the Date line or b""; `is_last` announces that the connection ends. `status` goes with a bare result.
    """
    kind = type(result)  # hot: the usual answers are told apart by identity
    if kind is str:
        body = result.encode()
        content_type = TEXT
    elif kind is dict or kind is list:
        body = json.dumps(result).encode()
        content_type = JSON
    elif kind is bytes:
        body = result
        content_type = BYTES
    else:
        from .response import encode_other

        return encode_other(result, status, head, is_last, date)
    if len(body) > system.LARGE:
        return encode_message(status, date + content_type, None, head, is_last, len(body)), body
    if status == 200 and head.minor and not is_last and head.method != "HEAD":
        return b"HTTP/1.1 200 OK\r\n%s%sContent-Length: %d\r\n\r\n%s" % (date, content_type, len(body), body), None
    return encode_message(status, date + content_type, body, head, is_last), None


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
