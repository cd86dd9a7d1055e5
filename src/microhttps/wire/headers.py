"""Header fields: a view of them that a handler can ask, the rules a field obeys, and text against bytes.

Fields stay pairs of bytes, as they came, until somebody asks for one; then it becomes text, and only it. On the wire
text is Latin-1, as RFC 9110 5.5 has it for what is not ASCII. Fields set by the application are checked here, where
they are set, so that no CR, LF or NUL can split a response. No I/O. Layer 2: imports errors and grammar.
"""

from ..errors import UsageError
from .grammar import TOKEN


class Headers:
    """Fields in the order they came, asked for by name in any case; `_` and `-` in a name are different.

    Iteration and `items()` give (name, value) pairs of str. `headers[name]` is the first field of that name and raises
    KeyError if there is none; `name in headers` asks whether there is one.
    """

    def __init__(self, raw_pairs=()):
        self._pairs = list(raw_pairs)

    def get(self, name, default=None):
        """The value of the first field of this name as str, or `default`."""
        wanted = name.lower().encode()
        for found, value in self._pairs:
            if found.lower() == wanted:
                return text_of(value)
        return default

    def get_all(self, name):
        """The values of all fields of this name, a list of str, maybe empty."""
        wanted = name.lower().encode()
        return [text_of(value) for found, value in self._pairs if found.lower() == wanted]

    def add(self, name, value):
        """Append a field; raises UsageError as `check_field` does."""
        self._pairs.append(check_field(name, value))

    def items(self):
        """The (name, value) pairs, str, one by one."""
        for name, value in self._pairs:
            yield text_of(name), text_of(value)

    def __iter__(self):
        return self.items()

    def __len__(self):
        return len(self._pairs)

    def __contains__(self, name):
        return self.get(name) is not None

    def __getitem__(self, name):
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __repr__(self):
        # Names only: values may be secrets.
        return "Headers(" + ", ".join(name for name, _ in self.items()) + ")"


def check_field(name, value):
    """The field as it goes on the wire, a pair of bytes.

    Raises UsageError("bad_header_name") unless the name is a token, and UsageError("bad_header_value") unless the value
    is str of tab, visible ASCII, blank and Latin-1 above it: whatever else is in it could begin another line.
    """
    if not isinstance(name, str) or not name or name.encode().lstrip(TOKEN):
        raise UsageError("bad_header_name", "letters, digits and hyphens expected as field name, got " + _show(name))
    raw = bytes_of(value) if isinstance(value, str) else None
    if raw is None or not is_field_value(raw):
        # The value stays out of the message: it may be a secret.
        raise UsageError("bad_header_value", "text in one line expected as value of " + name)
    return name.encode(), raw


def encode_fields(pairs):
    """The field lines of (name, value) pairs set by the application; raises UsageError as `check_field` does."""
    lines = b""
    for name, value in pairs:
        lines += b"%s: %s\r\n" % check_field(name, str(value))
    return lines


def _show(text):
    """Text for a message, in ASCII, the same on both interpreters (their `repr` is not)."""
    return repr(text.encode())[1:] if isinstance(text, str) else repr(text)


def is_field_value(raw):
    """Whether these bytes may stand in a field: no control byte but the tab (RFC 9110 5.5)."""
    return not raw or min(raw.replace(b"\t", b" ")) >= 0x20 and b"\x7f" not in raw


def parse_cookies(text):
    """The cookies of a Cookie field as a dictionary; of two with one name the first, as RFC 6265 5.4 orders them."""
    cookies = {}
    for part in text.split(";"):
        name, equals, value = part.strip(" \t").partition("=")
        if equals and name and name not in cookies:
            cookies[name] = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
    return cookies


def text_of(raw):
    """Bytes of the wire as text, byte for character (Latin-1); never fails."""
    try:
        text = raw.decode()
        # UTF-8 of the same length is ASCII. MicroPython knows no other coding.
        if len(text) == len(raw):
            return text
    except UnicodeError:
        pass
    return "".join(map(chr, raw))


def bytes_of(text):
    """Text as bytes of the wire, character for byte (Latin-1), or None if a character is above 0xFF."""
    raw = text.encode()
    if len(raw) == len(text):
        return raw
    codes = [ord(character) for character in text]
    return bytes(codes) if max(codes) < 0x100 else None
