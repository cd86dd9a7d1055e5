"""Conditional requests: is what the client has still good, and may it change what it thinks is there? RFC 9110 13.

Pure: the request's fields and the validators of what would be sent in, a status out. Layer 6.
"""

from ..wire.http_dates import parse_date

# What describes a body has no place on an answer without it (RFC 9110 section 15.4.5).
OF_THE_BODY = ("content-type", "content-encoding", "content-language", "content-disposition", "content-range")


def fields_of(head):
    """The fields of a request that choose among answers, as a dictionary; lower-case names and values are bytes."""
    found = {}
    for name, value in head.fields:
        name = name.lower()
        if name[:3] == b"if-" or name == b"range" or name == b"accept-encoding":
            found[name] = found[name] + b", " + value if name in found else value
    return found


def judge(head, headers, body):
    """(status, headers, body) of an application's answer with a validator among its headers, to this request."""
    found = fields_of(head)
    etag = modified = None
    for name, value in headers:
        if name.lower() == "etag":
            etag = str(value).encode()
        elif name.lower() == "last-modified":
            modified = parse_date(str(value).encode())
    status = verdict(found, head.method, etag, modified) if head.method in ("GET", "HEAD") else None
    if status is None:
        return 200, headers, body
    if hasattr(body, "close"):
        body.close()
    return status, without_body(headers), b""


def without_body(headers):
    """These headers without those that describe a body."""
    return [(name, value) for name, value in headers if name.lower() not in OF_THE_BODY]


def verdict(found, method, etag, modified):
    """304, 412, or None when the request is to be carried out, in the order of RFC 9110 section 13.2.2.

    `etag` (bytes) and `modified` (seconds since 1970) are those of what is there now, or None.
    """
    is_read = method in ("GET", "HEAD")
    if b"if-match" in found:
        if not _is_listed(etag, found[b"if-match"], True):
            return 412
    elif b"if-unmodified-since" in found and modified is not None:
        since = parse_date(found[b"if-unmodified-since"])
        if since is not None and modified > since:
            return 412
    if b"if-none-match" in found:
        if _is_listed(etag, found[b"if-none-match"], False):
            return 304 if is_read else 412
    elif b"if-modified-since" in found and modified is not None and is_read:
        since = parse_date(found[b"if-modified-since"])
        if since is not None and modified <= since:
            return 304
    return None


def has_same(condition, etag, modified):
    """Whether an If-Range (bytes or None) lets ranges be sent (RFC 9110 13.1.5): only if not a byte can differ."""
    if condition is None:
        return True
    if condition[:1] == b'"':
        return condition == etag  # ours is in quotes, or weak: changed a moment ago
    return modified is not None and parse_date(condition) == modified


def _is_listed(etag, listed, is_strong):
    """Whether our tag is among these (RFC 9110 8.8.3.2); `*` is anything that exists."""
    listed = listed.strip(b" \t")
    if listed == b"*":
        return True
    ours = (etag or b"").lstrip(b"W/")
    if is_strong and etag != ours:
        return False
    while True:
        listed = listed.lstrip(b" \t,")
        is_weak = listed[:2] == b"W/"
        start = 2 if is_weak else 0
        end = listed.find(b'"', start + 1)
        if listed[start:start + 1] != b'"' or end < 0:
            return False
        if listed[start:end + 1] == ours and not (is_strong and is_weak):
            return True
        listed = listed[end + 1:]
