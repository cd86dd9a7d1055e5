"""The field lines in the head of a part of multipart/form-data (RFC 7578). No I/O. Layer 2.

Apart from `multipart`, which goes through the contents, and from `part_heads`, which says what the fields mean: a board
loads each for a moment, one after the other. Imports errors, grammar, multipart.
"""

from ..errors import PeerError
from .grammar import TOKEN
from .multipart import bad

MAX_PART_HEADERS = 16


def read_fields(lines):
    """The fields of a part, as pairs of bytes; raises PeerError("bad_multipart")."""
    if len(lines) > MAX_PART_HEADERS:
        raise bad("head of a part has more than %d lines" % MAX_PART_HEADERS)
    fields = []
    names = []
    for line in lines:
        name, colon, value = line.partition(b":")
        value = value.strip(b" \t")
        lower = name.lower()
        if not colon or not name or name.lstrip(TOKEN) or _has_control(value):
            raise bad("name, colon and value expected in the head of a part, got %s" % repr(line[:40])[1:])
        if lower in names:
            raise bad("field twice in the head of a part: %s" % repr(name)[1:])
        # Forbidden to senders by RFC 7578 4.7; whoever ignores it takes coded bytes for a file.
        if lower == b"content-transfer-encoding" and value.lower() not in (b"7bit", b"8bit", b"binary"):
            raise PeerError("bad_multipart", "part without transfer coding expected", 415)
        names.append(lower)
        fields.append((name, value))
    return fields


def _has_control(value):
    """What no field may have but the tab (RFC 9110 5.5); a table of the others would cost a board 220 bytes."""
    for byte in value:
        if byte < 0x20 and byte != 9 or byte == 0x7F:
            return True
    return False
