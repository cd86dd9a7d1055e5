"""URLs and what is coded inside them: taking one apart, percent-coding, queries.

A URL given by the application raises UsageError, text that came from a peer raises PeerError. Nothing here resolves
`..` or `//`: a path stays what it is, and who opens files must look. No I/O. Layer 2: imports errors, grammar, and
lazily utf8.
"""

from ..errors import PeerError, UsageError
from .grammar import is_host

DEFAULT_PORTS = {"https": 443, "http": 80, "wss": 443, "ws": 80}

_HEX = b"0123456789abcdefABCDEF"
_UNRESERVED = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"


class Url:
    """A URL in parts: `scheme`, `host` (lower case, no brackets), `port`, `target` ("/path?query"), `authority`.

    `authority` is what the Host field says: no user, and the port only if it is not the scheme's own. `userinfo` is the
    text before the `@` or None. `str()` gives the URL without it.
    """

    __slots__ = ("scheme", "host", "port", "target", "authority", "userinfo")

    def __init__(self, scheme, host, port, target, userinfo=None):
        self.scheme = scheme
        self.host = host
        self.port = port
        self.target = target
        self.userinfo = userinfo
        self.authority = "[" + host + "]" if ":" in host else host
        if port != DEFAULT_PORTS[scheme]:
            self.authority += ":" + str(port)

    def __str__(self):
        return self.scheme + "://" + self.authority + self.target


def parse_url(text, default_scheme="https"):
    """The Url of this text; a text without `scheme://` is given the default one, a fragment is cut off.

    Raises UsageError("bad_url") for another scheme than http, https, ws and wss, a bad host or port, white space and
    control characters. Characters beyond ASCII are percent-coded in the target and refused in the host.
    """
    if not isinstance(text, str) or not text or min(text.encode()) <= 0x20 or "\x7f" in text:
        got = "" if "@" in str(text) else ", got " + _show(text)  # it may hold a password
        raise UsageError("bad_url", "URL without white space expected" + got)
    text = text.split("#", 1)[0]
    scheme, authority, target = _split_url(text, default_scheme)
    userinfo, at, host = authority.rpartition("@")
    raw = host.encode()
    if scheme not in DEFAULT_PORTS:
        raise UsageError("bad_url", "scheme http, https, ws or wss expected, got " + _show(scheme))
    # A backslash before the host is where two readers of one URL see two hosts.
    if not raw or not is_host(raw) or "\\" in authority:
        # Not the whole text: it may hold a password.
        raise UsageError("bad_url", "host, or host:port, expected in the URL, got " + _show(host))
    name, port = _split_host(host)
    port = int(port) if port else DEFAULT_PORTS[scheme]
    target = (target if target[:1] == "/" else "/" + target).replace("\\", "%5C")
    return Url(scheme, name.lower(), port, _quote_beyond_ascii(target), userinfo if at else None)


def join_url(base, reference):
    """The Url that a reference (text) means to whoever reads it at `base` (RFC 3986 section 5.2); raises UsageError."""
    scheme, colon, rest = reference.partition(":")
    if colon and scheme.replace("+", "").isalpha():
        if rest[:2] != "//":
            raise UsageError("bad_url", "URL of the Web expected, got " + _show(reference))
        return parse_url(reference)
    origin = base.scheme + "://" + base.authority
    if reference[:2] == "//":
        return parse_url(base.scheme + ":" + reference)
    reference = reference.split("#", 1)[0]
    path, question, query = reference.partition("?")
    old = base.target.split("?", 1)[0]
    if not path:
        return parse_url(origin + (old + question + query if question else base.target))
    if path[0] != "/":
        path = old[:old.rfind("/") + 1] + path
    return parse_url(origin + _without_dots(path) + question + query)


def _without_dots(path):
    """The path without its `.` and `..` (RFC 3986 section 5.2.4)."""
    kept = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)


def _show(text):
    """Text for a message, in ASCII, the same on both interpreters (their `repr` is not)."""
    return repr(text.encode())[1:] if isinstance(text, str) else repr(text)


def _split_url(text, default_scheme):
    """(scheme, authority, the rest)."""
    scheme, colon, rest = text.partition("://")
    if not colon or "/" in scheme or "?" in scheme:
        scheme, rest = default_scheme, text
    authority = rest.split("/", 1)[0].split("?", 1)[0]
    return scheme.lower(), authority, rest[len(authority) :]


def _split_host(host):
    if host[:1] == "[":
        name, _, port = host[1:].partition("]")
        return name, port[1:]
    name, _, port = host.partition(":")
    return name, port


def _quote_beyond_ascii(target):
    raw = target.encode()
    if len(raw) == len(target):
        return target
    return "".join(chr(byte) if byte < 0x80 else "%%%02X" % byte for byte in raw)


def quote(text, safe="/"):
    """The text percent-coded (RFC 3986 2.1) as UTF-8; letters, digits, `-._~` and the `safe` characters stay."""
    stay = _UNRESERVED + safe.encode()
    return "".join(chr(byte) if byte in stay else "%%%02X" % byte for byte in text.encode())


def percent_decode(coded):
    """The text (str) of percent-coded str or bytes; `+` stays.

    Raises PeerError("bad_percent_coding") for a `%` without two hexadecimal digits, `%00` and what is not UTF-8.
    """
    raw = coded.encode() if isinstance(coded, str) else bytes(coded)
    parts = raw.split(b"%")
    for at in range(1, len(parts)):
        parts[at] = _decode_part(parts[at])
    raw = b"".join(parts)
    if b"\0" in raw:
        raise PeerError("bad_percent_coding", "text expected, got a NUL")
    return decode_utf8(raw)


def _decode_part(part):
    """The bytes of what followed a `%`."""
    digits = part[:2]
    if len(digits) < 2 or digits.lstrip(_HEX):
        raise PeerError("bad_percent_coding", "two hexadecimal digits expected after %%, got %s" % repr(digits)[1:])
    return bytes((int(digits, 16),)) + part[2:]


def decode_utf8(raw, code="bad_percent_coding"):
    """The text of bytes that must be UTF-8, on both interpreters in the same way; raises PeerError(code)."""
    try:
        text = raw.decode()
        if len(text) != len(raw):  # else it is ASCII
            from .utf8 import decode

            text = decode(raw)
    except UnicodeError:
        raise PeerError(code, "UTF-8 expected, got other bytes")
    return text


def parse_query(text):
    """The (name, value) pairs of a query or a url-encoded form, decoded, in order; raises as `percent_decode`."""
    pairs = []
    for part in text.split("&"):
        if part:
            name, _, value = part.replace("+", " ").partition("=")
            pairs.append((percent_decode(name), percent_decode(value)))
    return pairs
