"""Request targets that are no plain path: a whole URL, an authority, `*` (RFC 9112 3.2). Few clients send one.

No I/O. Layer 2: imports grammar.
"""

from .grammar import is_host


def take_target(head, target):
    """Put into a RequestHead the target (bytes) that is no plain path, RFC 9112 3.2.2 to 3.2.4; False if it is bad."""
    if head.method == "CONNECT":
        return is_authority(target)
    if target == b"*":
        return head.method == "OPTIONS"
    authority, path = split_absolute(target)
    if not authority or head.host == "" or not is_host(authority):
        return False
    # "MUST ignore the received Host header field (if any)", 3.2.2.
    head.host = authority.decode()
    if not path and head.method == "OPTIONS":
        head.target = "*"
    else:
        head.target = (path if path[:1] == b"/" else b"/" + path).decode()
    return True


def is_authority(target):
    """Whether a target is host:port, as CONNECT has it (RFC 9112 3.2.3)."""
    return target.rsplit(b":", 1)[-1].isdigit() and is_host(target)


def split_absolute(target):
    """(authority, the rest) of an absolute-form target; (b"", b"") if it is none."""
    scheme, colon, rest = target.partition(b"://")
    if not colon or scheme.lower() not in (b"http", b"https"):
        return b"", b""
    authority = rest.split(b"/", 1)[0].split(b"?", 1)[0]
    return authority, rest[len(authority) :]
