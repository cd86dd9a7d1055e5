"""The field that has a browser save an answer under a name: RFC 6266, RFC 8187. Layer 2."""

from ..errors import UsageError
from .url import quote

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._ ()+,=@#!~"


def attachment(name):
    """The value of Content-Disposition; raises UsageError("bad_file_name") for what is no name in one line."""
    if not isinstance(name, str) or not name or any(character < " " or character == "\x7f" for character in name):
        raise UsageError("bad_file_name")
    plain = "".join([character if character in PLAIN else "_" for character in name])
    value = 'attachment; filename="' + plain + '"'
    return value if plain == name else value + "; filename*=UTF-8''" + quote(name, "")
