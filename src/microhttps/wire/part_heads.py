"""What the fields in the head of a part of multipart/form-data say (RFC 7578). No I/O. Layer 2.

Strict: every part has a name, text is UTF-8; what browsers have long agreed on (three characters percent-coded in
names) is undone here. Imports parameters, multipart, and lazily utf8.
"""

from .multipart import bad
from .parameters import parse_parameters


def read_head(fields):
    """(name, filename, content type, fields) of a part, which are text and pairs of bytes; filename None: not a file.

    `fields` are those of `part_fields`. The filename is never a path, see `safe_filename`. Raises
    PeerError("bad_multipart").
    """
    found = {}
    for name, value in fields:
        found[name.lower()] = value
    disposition = parse_parameters(found.get(b"content-disposition", b""))
    if disposition is None or disposition[0] != b"form-data" or b"name" not in disposition[1]:
        raise bad("content-disposition with a name expected in the head of a part")
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
        raise bad("UTF-8 expected in the head of a part")
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
