"""The bytes of an answer on the wire: head and body in one object, so that a small answer leaves in one TLS record.

A large one is not copied behind its head, for which a board has no room: it follows by itself.

The usual results of a handler (text, bytes, a dictionary, a list) are encoded here, on the hot path; all others, and
Response itself, are in `response`, which is loaded when one comes. Layer 6.
"""

import json

from ..port import system

TEXT = b"Content-Type: text/plain; charset=utf-8\r\n"
JSON = b"Content-Type: application/json\r\n"
BYTES = b"Content-Type: application/octet-stream\r\n"
# Bytes of a body that are not copied behind its head. A board: more than many put into one TLS record; a computer: two
# writes cost less than the copy.
LARGE = (4 * 1024, 256 * 1024)[system.SIZE]


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
    if status == 200 and head.minor and head.method != "HEAD" and len(body) <= LARGE:
        ending = b"Connection: close\r\n\r\n" if is_last else b"\r\n"
        head = b"HTTP/1.1 200 OK\r\n%s%sContent-Length: %d\r\n%s%s"
        return head % (date, content_type, len(body), ending, body), None
    from .answer_heads import encode_message

    if len(body) <= LARGE:
        return encode_message(status, date + content_type, body, head, is_last), None
    return encode_message(status, date + content_type, None, head, is_last, len(body)), body
