"""Response, and the less usual things a handler may answer: None (204), tuples with a status, iterators.

Header values are checked where they are set, so that none can split an answer in two. Layer 5.
"""

import json

from .answer import BYTES, JSON, TEXT, encode_message
from .errors import UsageError


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


def encode_other(result, status, head, is_last, date):
    """As `answer.encode_answer`, for what is not text, bytes, a dictionary or a list; raises UsageError."""
    headers = []
    if isinstance(result, tuple) and 2 <= len(result) <= 3:
        if len(result) == 3:
            headers.extend(result[2].items() if hasattr(result[2], "items") else result[2])
        result, status = result[0], status if result[1] is None else result[1]
    if isinstance(result, Response):
        headers.extend(result.headers)
        if result.content_type is not None:
            headers.append(("Content-Type", result.content_type))
        result, status = result.body, result.status
    elif result is None and status == 200:
        status = 204
    if not isinstance(status, int) or not 200 <= status <= 599:
        raise UsageError("bad_status", got=status)
    content_type, body = _body_of(result)
    lines = date
    for name, _ in headers:
        if name.lower() in ("content-length", "transfer-encoding"):
            raise UsageError("bad_header_name", "this field follows from the body", name=name)
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
    raise UsageError("bad_answer", got=type(result).__name__)
