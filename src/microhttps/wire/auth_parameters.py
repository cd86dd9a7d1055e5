"""The parameters of an Authorization field (RFC 9110 section 11.2): names with values, bare or quoted. Layer 2."""

from .grammar import TOKEN
from .headers import bytes_of
from .url import percent_decode


def parse_auth_parameters(text):
    """{name in lower case: value} of `name=value, name="value"`, values as UTF-8; None for what is none, or twice."""
    found = {}
    text = text.strip(" \t")
    while text:
        name, equals, text = text.partition("=")
        name = name.strip(" \t").lower()
        value, text = _take_quoted(text.lstrip(" \t")) if text.lstrip(" \t")[:1] == '"' else _take_token(text)
        value = _utf8(value)
        if not equals or value is None or not name or name.encode().lstrip(TOKEN) or name in found:
            return None
        found[name] = value
    return found


def _take_token(text):
    """(value, what is behind its comma); (None, "") where there is no token."""
    value, _, rest = text.partition(",")
    value = value.strip(" \t")
    return (None, "") if not value or '"' in value else (value, rest.lstrip(" \t"))


def _take_quoted(text):
    """(value, what is behind its comma) of a quoted-string (RFC 9110 section 5.6.4); (None, "") where it has no end."""
    value = ""
    start = position = 1
    while position < len(text) and text[position] != '"':
        if text[position] == "\\":
            value += text[start:position]
            start = position = position + 1
        position += 1
    rest = text[position + 1:].lstrip(" \t")
    if position >= len(text) or rest and rest[0] != ",":
        return None, ""
    return value + text[start:position], rest[1:].lstrip(" \t")


def _utf8(value):
    """Text of a field, which is Latin-1, as the UTF-8 that was sent; None where it is none."""
    try:
        return value and bytes_of(value).decode() if value else value
    except UnicodeError:
        return None


def text_of_extended(value):
    """The text of `UTF-8''percent-coded` (RFC 8187 section 3.2), or None."""
    charset, _, rest = value.partition("'")
    language, quote, coded = rest.partition("'")
    return percent_decode(coded) if charset.lower() == "utf-8" and quote else None
