"""The field lines in the head of a part of multipart/form-data (RFC 7578). No I/O. Layer 2.

Apart from `multipart`, which goes through the contents, and from `part_names` and `part_heads`, which say what the
fields mean: a board loads each for a moment, one after the other. Imports grammar, and lazily multipart_faults.
"""

from .grammar import TOKEN

MAX_PART_HEADERS = 16


def read_fields(lines):
    """The fields of a part, as pairs of bytes; raises PeerError("bad_multipart")."""
    if len(lines) > MAX_PART_HEADERS:
        from .multipart_faults import many_lines

        raise many_lines(MAX_PART_HEADERS)
    fields = []
    names = []
    for line in lines:
        name, colon, value = line.partition(b":")
        value = value.strip(b" \t")
        lower = name.lower()
        if not colon or not name or name.lstrip(TOKEN) or _has_control(value):
            from .multipart_faults import no_field

            raise no_field(line)
        if lower in names:
            from .multipart_faults import field_twice

            raise field_twice(name)
        # Forbidden to senders by RFC 7578 4.7; whoever ignores it takes coded bytes for a file.
        if lower == b"content-transfer-encoding" and value.lower() not in (b"7bit", b"8bit", b"binary"):
            from .multipart_faults import coded

            raise coded()
        names.append(lower)
        fields.append((name, value))
    return fields


def _has_control(value):
    """What no field may have but the tab (RFC 9110 5.5); a table of the others would cost a board 220 bytes."""
    for byte in value:
        if byte < 0x20 and byte != 9 or byte == 0x7F:
            return True
    return False
