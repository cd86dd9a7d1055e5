"""A field value with parameters: `form-data; name="photo"`, `multipart/form-data; boundary=x`. No I/O. Layer 2.

Bytes, because names of files are UTF-8 here and Latin-1 there. Imports grammar.
"""

from .grammar import TOKEN


def parse_parameters(raw):
    """(value, {name: value}) of such a field, names and the first in lower case; None when it is malformed.

    A parameter that comes twice is malformed: two readers would take two different ones (RFC 9110 section 5.6.6).
    """
    value, _, rest = raw.partition(b";")
    found = {}
    while rest.strip(b" \t;"):
        name, equals, rest = rest.lstrip(b" \t;").partition(b"=")
        name = name.lower()
        part, rest = _take_quoted(rest) if rest[:1] == b'"' else _take_token(rest)
        if not equals or not name or name.lstrip(TOKEN) or name in found or part is None:
            return None
        found[name] = part
    return value.strip(b" \t").lower(), found


def _take_token(rest):
    """(the token, what is behind its semicolon); (None, b"") where there is none."""
    token, _, rest = rest.partition(b";")
    token = token.rstrip(b" \t")
    return (None, b"") if not token or token.lstrip(TOKEN) else (token, rest)


def _take_quoted(rest):
    """(what a quoted string says, what is behind its semicolon); (None, b"") where it does not end.

    Only quotes and backslashes are unescaped: browsers escape nothing else, and names of files hold backslashes.
    """
    end = rest.find(b'"', 1)
    while end > 0 and _is_escaped(rest, end):
        end = rest.find(b'"', end + 1)
    behind = rest[end + 1:].lstrip(b" \t")
    if end < 0 or behind and behind[0] != 0x3B:
        return None, b""
    return rest[1:end].replace(b'\\"', b'"').replace(b"\\\\", b"\\"), behind[1:]


def _is_escaped(rest, at):
    """Whether an odd number of backslashes stands before this byte."""
    before = rest[:at]
    return (len(before) - len(before.rstrip(b"\\"))) % 2 > 0
