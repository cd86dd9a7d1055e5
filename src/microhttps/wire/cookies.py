"""Cookies that an answer sets: every attribute of RFC 6265bis, and nothing that a browser would drop unsaid. Layer 2.

What a page does not need is off by default: scripts do not see a cookie, other sites do not send it along, and it is
sent over TLS only. Whoever serves plain HTTP says `secure=False`.
"""

from ..errors import UsageError
from .grammar import TOKEN
from .http_dates import format_date

MOST = 4096  # bytes of name and value (RFC 6265bis section 5.6)
_OCTETS = bytes(range(0x21, 0x7F)).replace(b'"', b"").replace(b",", b"").replace(b";", b"").replace(b"\\", b"")
_HOST_OCTETS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."


def encode_cookie(name, value, max_age=None, expires=None, path="/", domain=None, secure=True, http_only=True,
                  same_site="Lax", partitioned=False):
    """The value of a Set-Cookie field; raises UsageError("bad_cookie") with what is wrong."""
    _check_pair(name, value)
    _check_scope(name, path, domain, secure)
    if same_site not in ("Lax", "Strict", "None", None):
        raise _bad(name, "same_site is Lax, Strict, None or left out")
    if not secure and (same_site == "None" or partitioned):
        raise _bad(name, "SameSite=None and Partitioned are for secure cookies")
    parts = [name + "=" + value]
    if max_age is not None:
        parts.append("Max-Age=%d" % max_age)
    if expires is not None:
        parts.append("Expires=" + format_date(int(expires)))
    for label, text in (("Domain=", domain), ("Path=", path), ("SameSite=", same_site)):
        if text:
            parts.append(label + text)
    for label, is_on in (("Secure", secure), ("HttpOnly", http_only), ("Partitioned", partitioned)):
        if is_on:
            parts.append(label)
    return "; ".join(parts)


def expired_cookie(name, attributes):
    """The value of a Set-Cookie field that has the browser forget a cookie of this name, path and domain."""
    return encode_cookie(name, "", 0, 0, **attributes)


def _check_pair(name, value):
    if not isinstance(name, str) or not name or name.encode().lstrip(TOKEN):
        raise _bad("", "a name is a token")
    if not isinstance(value, str) or value.encode().lstrip(_OCTETS):
        # The value stays out of the message: it may be a secret.
        raise _bad(name, "a value is visible ASCII without quotes, commas, semicolons and backslashes")
    if len(name) + len(value) > MOST:
        raise _bad(name, "name and value have at most %d bytes" % MOST)


def _check_scope(name, path, domain, secure):
    is_host = name.lower().startswith("__host-")
    if path is not None and (not isinstance(path, str) or path[:1] != "/" or ";" in path or path.encode().lstrip(
            bytes(range(0x20, 0x7F)))):
        raise _bad(name, "a path begins with / and is ASCII without semicolons")
    if domain is not None and (not isinstance(domain, str) or not domain or domain.encode().lstrip(_HOST_OCTETS)):
        raise _bad(name, "a domain is a host name")
    if not secure and (is_host or name.lower().startswith("__secure-")):
        raise _bad(name, "this prefix is for secure cookies")
    if is_host and (domain is not None or path != "/"):
        raise _bad(name, "this prefix is for cookies without a domain, with the path /")


def _bad(name, message):
    return UsageError("bad_cookie", message, name=name)
