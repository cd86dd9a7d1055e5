"""What a handler may answer, and its bytes on the wire.

Text, bytes, a dictionary or list (JSON), None (204), a Response, or (any of these, status[, headers]). A small answer
becomes one bytes object, so that it leaves in one TLS record. Header values are checked where they are set. Layer 5.
"""

import json

from .errors import UsageError
from .http1 import reason_of

TEXT = b"Content-Type: text/plain; charset=utf-8\r\n"
JSON = b"Content-Type: application/json\r\n"
BYTES = b"Content-Type: application/octet-stream\r\n"


class Response:
    """An answer with its status and headers; `body` is bytes, text, or an (async) iterator of bytes, sent chunked."""

    __slots__ = ("body", "content_type", "headers", "status")

    def __init__(self, body=b"", status=200, headers=(), content_type=None):
        self.body = body
        self.status = status
        self.headers = headers.items() if hasattr(headers, "items") else headers
        self.content_type = content_type

    @classmethod
    def redirect(cls, location, status=302):
        """Send the client elsewhere (RFC 9110 section 15.4)."""
        return cls(b"", status, (("Location", location),))


def encode_answer(result, status, head, is_last, date):
    """(bytes to send, iterator of the rest or None) for what a handler returned; raises UsageError.

    `date` is the Date line or b""; `is_last` announces that the connection ends. `status` goes with a bare result.
    """
    kind = type(result)  # hot: the usual answers are told apart by identity
    if kind is dict or kind is list:
        body = json.dumps(result).encode()
        content_type = JSON
    elif kind is str:
        body = result.encode()
        content_type = TEXT
    elif kind is bytes:
        body = result
        content_type = BYTES
    else:
        return _encode_other(result, status, head, is_last, date)
    if status == 200 and head.minor and not is_last and head.method != "HEAD":
        return b"HTTP/1.1 200 OK\r\n%s%sContent-Length: %d\r\n\r\n%s" % (date, content_type, len(body), body), None
    return encode_message(status, date + content_type, body, head, is_last), None


def _encode_other(result, status, head, is_last, date):
    headers = []
    if isinstance(result, tuple) and 2 <= len(result) <= 3:
        if len(result) == 3:
            headers.extend(result[2].items() if hasattr(result[2], "items") else result[2])
        result, status = result[:2]
    if isinstance(result, Response):
        headers.extend(result.headers)
        if result.content_type is not None:
            headers.append(("Content-Type", result.content_type))
        result, status = result.body, result.status
    elif result is None and status == 200:
        status = 204
    if not isinstance(status, int) or not 200 <= status <= 599:
        raise UsageError("bad_status", "a status is a number from 200 to 599", got=status)
    content_type, body = _body_of(result)
    lines = date
    if headers:
        from .headers import encode_fields

        lines += encode_fields(headers)
    if content_type and not any(name.lower() == "content-type" for name, _ in headers):
        lines += content_type
    if isinstance(body, bytes):
        return encode_message(status, lines, body, head, is_last), None
    return encode_message(status, lines, None, head, is_last), body


def _body_of(result):
    """(Content-Type line, body as bytes or as an iterator)."""
    if isinstance(result, str):
        return TEXT, result.encode()
    if isinstance(result, (bytes, bytearray, memoryview)):
        return BYTES if len(result) else b"", bytes(result)
    if isinstance(result, (dict, list)):
        return JSON, json.dumps(result).encode()
    if result is None:
        return b"", b""
    if hasattr(result, "__aiter__") or hasattr(result, "__anext__") or hasattr(result, "__next__"):
        return BYTES, result
    raise UsageError("bad_answer", "a handler answers text, bytes, a dictionary, a list, None, a Response, or a tuple "
                     "of one of these with a status", got=type(result).__name__)


def encode_message(status, lines, body, head, is_last):
    """A whole answer, or with `body` None its head before a body of unknown length (RFC 9112 section 6)."""
    if status == 204 or status == 304:
        ending = b""  # neither has a body, and a 204 must not announce one (RFC 9110 section 8.6)
        body = b""
    elif body is not None:
        ending = b"Content-Length: %d\r\n" % len(body)
    else:
        ending = b"Transfer-Encoding: chunked\r\n" if head.minor else b""
        body = b""
    if is_last:
        ending += b"Connection: close\r\n"
    elif not head.minor:
        ending += b"Connection: keep-alive\r\n"
    if head.method == "HEAD":
        body = b""
    return b"HTTP/1.1 %d %s\r\n%s%s\r\n%s" % (status, reason_of(status).encode(), lines, ending, body)
