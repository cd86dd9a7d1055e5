"""Response, and the less usual things a handler may answer: None (204), tuples with a status or headers, iterators.

Header values are checked where they are set, so that none can split an answer in two. Layer 6.
"""

import json

from ..errors import UsageError
from .answer import BYTES, JSON, LARGE, TEXT
from .answer_heads import encode_message


class Response:
    """An answer with its status and headers; `body` is bytes, text, or an (async) iterator or iterable of these.

    An iterator's pieces are sent chunked, or as they are where the `length` of all is given. With a header `ETag` or
    `Last-Modified` conditional requests are answered (304, 412; RFC 9110 section 13).
    """

    __slots__ = ("body", "content_type", "headers", "length", "status")

    def __init__(self, body=b"", status=200, headers=(), content_type=None, length=None):
        self.body = body
        self.status = status
        self.headers = headers.items() if hasattr(headers, "items") else headers
        self.content_type = content_type
        self.length = length

    @classmethod
    def file(cls, path, **options):
        """A file, with ranges, conditions and its `.gz` neighbour; 404 when there is none. Raises UsageError.

        Options, as in `files.file_response`: content_type, status, headers, download (a name, or True for its own: the
        browser saves it), cache_control, max_age (seconds), gzip (False: not the neighbour), beside (`__file__`: the
        path begins in the folder of this module, wherever the program was started).
        """
        from .files import file_response

        return file_response(cls, path, **options)

    @classmethod
    def redirect(cls, location, status=302):
        """Send the client elsewhere (RFC 9110 section 15.4); raises UsageError("bad_status") and ("bad_url")."""
        from ..wire.locations import location as encode

        return cls(b"", status, (("Location", encode(location, status)),))

    def set_cookie(self, name, value, **attributes):
        """Set a cookie; gives this answer. Raises UsageError("bad_cookie").

        Attributes: max_age, expires, path, domain, secure, http_only, same_site, partitioned (docs/answers.md).
        """
        from ..wire.cookies import encode_cookie

        self.headers = list(self.headers) + [("Set-Cookie", encode_cookie(name, value, **attributes))]
        return self

    def delete_cookie(self, name, **attributes):
        """Have the browser forget a cookie, set with this path and domain; gives this answer."""
        return self.set_cookie(name, "", max_age=0, expires=0, **attributes)


def encode_other(result, status, head, is_last, date):
    """As `answer.encode_answer`, for what is not text, bytes, a dictionary or a list; raises UsageError."""
    result, status, headers, length = _parts_of(result, status)
    is_file = hasattr(result, "choose")
    if is_file:
        status, result, length, headers = result.choose(head, status, headers)
    content_type, body = _body_of(result)
    names = [name.lower() for name, _ in headers]
    if "content-length" in names or "transfer-encoding" in names:
        raise UsageError("bad_header_name", "these fields follow from the body", name="Content-Length")
    if status == 200 and not is_file and ("etag" in names or "last-modified" in names):
        from .conditions import judge

        status, headers, body = judge(head, headers, body)
    lines = date
    if headers:
        from ..wire.headers import encode_fields

        lines += encode_fields(headers)
    if body and status != 304 and "content-type" not in names:
        lines += content_type
    if isinstance(body, bytes):
        if length not in (None, len(body)):
            raise UsageError("bad_length", got=len(body), announced=length)
        if len(body) <= LARGE:
            return encode_message(status, lines, body, head, is_last), None
        length = len(body)
    elif length is not None:
        from .pieces import Sized

        body = Sized(body, length)
    return encode_message(status, lines, None, head, is_last, length), body


def _parts_of(result, status):
    """(body, status, headers, length) of whatever a handler answered."""
    headers = []
    length = None
    if isinstance(result, tuple) and 2 <= len(result) <= 3:
        if len(result) == 2 and (hasattr(result[1], "items") or isinstance(result[1], (list, tuple))):
            result = result[0], None, result[1]
        if len(result) == 3:
            headers.extend(result[2].items() if hasattr(result[2], "items") else result[2])
        result, status = result[0], status if result[1] is None else result[1]
    if isinstance(result, Response):
        headers.extend(result.headers)
        if result.content_type is not None:
            headers.append(("Content-Type", result.content_type))
        result, status, length = result.body, result.status, result.length
    elif result is None and status == 200:
        status = 204
    if not isinstance(status, int) or not 200 <= status <= 599:
        raise UsageError("bad_status", got=status)
    return result, status, headers, length


def _body_of(result):
    """(Content-Type line, body as bytes or as what gives its pieces)."""
    if isinstance(result, str):
        return TEXT, result.encode()
    if isinstance(result, (bytes, bytearray, memoryview)):
        return BYTES, bytes(result)
    if isinstance(result, (dict, list)):
        return JSON, json.dumps(result).encode()
    if result is None:
        return b"", b""
    for name in ("__aiter__", "__anext__", "__next__", "__iter__"):
        if hasattr(result, name):
            return BYTES, result
    raise UsageError("bad_answer", got=type(result).__name__)
