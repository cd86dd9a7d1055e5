"""What stands in the head of a part of multipart/form-data (RFC 7578). No I/O. Layer 2.

Apart from `multipart`, which goes through the contents: a board loads this for a head and forgets it behind it. Strict:
every part has a name, text is UTF-8; what browsers have long agreed on (three characters percent-coded in names) is
undone here. Imports errors, grammar, parameters, and lazily utf8.
"""

from ..errors import PeerError
from .grammar import TOKEN
from .parameters import parse_parameters

MAX_PART_HEADERS = 16
# What a field may have (RFC 9110 5.5): no control byte but the tab.
_TEXT = b"\t" + bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100))


def read_head(lines):
    """(name, filename, content type, fields) of a part, which are text and pairs of bytes; filename None: not a file.

    The filename is never a path, see `safe_filename`. Raises PeerError("bad_multipart").
    """
    if len(lines) > MAX_PART_HEADERS:
        raise _bad("head of a part has more than %d lines" % MAX_PART_HEADERS)
    fields = []
    found = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        value = value.strip(b" \t")
        if not colon or not name or name.lstrip(TOKEN) or value.strip(_TEXT):
            raise _bad("name, colon and value expected in the head of a part, got %s" % repr(line[:40])[1:])
        if name.lower() in found:
            raise _bad("field twice in the head of a part: %s" % repr(name)[1:])
        found[name.lower()] = value
        fields.append((name, value))
    # Forbidden to senders by RFC 7578 4.7; whoever ignores it takes coded bytes for a file.
    if found.get(b"content-transfer-encoding", b"binary").lower() not in (b"7bit", b"8bit", b"binary"):
        raise PeerError("bad_multipart", "part without transfer coding expected", 415)
    disposition = parse_parameters(found.get(b"content-disposition", b""))
    if disposition is None or disposition[0] != b"form-data" or b"name" not in disposition[1]:
        raise _bad("content-disposition with a name expected in the head of a part")
    filename = disposition[1].get(b"filename")
    return (_text_of(disposition[1][b"name"]), None if filename is None else safe_filename(_text_of(filename)),
            _text_of(found.get(b"content-type", b"text/plain")), fields)


def _text_of(raw):
    """Text in a head: UTF-8, of which browsers percent-code the quote and the line ends, and nothing else."""
    try:
        text = raw.decode()
        if len(text) != len(raw):  # else it is ASCII
            from .utf8 import decode

            text = decode(raw)
    except UnicodeError:
        raise _bad("UTF-8 expected in the head of a part")
    if "%" in text:
        for coded, plain in (("%22", '"'), ("%0D", "\r"), ("%0d", "\r"), ("%0A", "\n"), ("%0a", "\n")):
            text = text.replace(coded, plain)
    return text


def safe_filename(text):
    """The last part of a path as a name that may be put behind a folder's: no separator, no drive, no control byte.

    What stands before the last slash or backslash is cut off, and what could be taken for a folder, a drive or a line
    end becomes `_`.
    """
    text = text.replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join("_" if character < " " or character in ":\x7f" else character for character in text)
    return text.replace(".", "_") if text in (".", "..") else text


def _bad(message):
    return PeerError("bad_multipart", message)
