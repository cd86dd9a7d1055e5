"""What the less usual fields of a head mean: a body and its length, Expect, Upgrade. (Unusual targets: `targets`.)

A request that is a path, a Host and nothing special never loads this. The answer to a broken rule is None or False,
without a reason: `diagnose` names it. No I/O. Layer 2: imports grammar.

Rule: a repeated field comes here as its values joined by a comma (RFC 9110 5.2). Content-Length cannot hold one, so
that two of them are refused by the same line that refuses a bad one.
"""

from .grammar import TOKEN

# More digits than any real length has, and than is worth converting.
MAX_LENGTH_DIGITS = 18


def frame_request(head, found):
    """Put into a RequestHead what these framing fields say, RFC 9112 6.3 and 9.3; the head, or None if one is bad."""
    length = found.get(b"content-length")
    if b"transfer-encoding" in found:
        if length is not None or not head.minor or not is_chunked(found):
            return None
        head.is_chunked = True
    elif length is not None:
        if not is_length(length):
            return None
        head.content_length = int(length)
    has_body = head.is_chunked or head.content_length > 0
    if b"expect" in found:
        if not is_continue(found[b"expect"]):
            return None
        # "A server MUST ignore" it in HTTP/1.0, RFC 9110 10.1.1.
        head.expects_continue = has_body and head.minor > 0
    options = split_list(found.get(b"connection", b""))
    head.keep_alive = b"close" not in options and (head.minor > 0 or b"keep-alive" in options)
    # A GET with a body is not switched: the body would be read as frames of the new protocol.
    if b"upgrade" in options and head.method == "GET" and head.minor and not has_body:
        head.upgrade = _protocols(found.get(b"upgrade", b""))
    return head


def _protocols(upgrade):
    return upgrade.decode().lower() if upgrade and not upgrade.lstrip(TOKEN + b"/, \t") else None


def is_chunked(found):
    """Whether Transfer-Encoding is the one coding there is here; an HTTP/1.0 message must have none."""
    return found[b"transfer-encoding"].lower() == b"chunked"


def is_length(value):
    """Whether a Content-Length is digits and nothing else, and not absurdly many."""
    return len(value) <= MAX_LENGTH_DIGITS and value.isdigit()


def is_continue(value):
    """Whether an Expect field expects what we can do, RFC 9110 10.1.1."""
    return value.lower() == b"100-continue"


def split_list(value):
    """The lower-case members of a comma-separated field (RFC 9110 5.6.1)."""
    return [member.strip(b" \t") for member in value.lower().split(b",")]
