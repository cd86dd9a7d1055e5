"""Which of the fields in the head of a part of multipart/form-data name it, as bytes (RFC 7578). No I/O. Layer 2.

Between `part_fields`, which tells the fields apart, and `part_heads`, which makes text of these. Imports parameters,
and lazily multipart_faults.
"""

from .parameters import parse_parameters


def read_names(fields):
    """(name, filename or None, content type) of a part with these fields; raises PeerError("bad_multipart")."""
    disposition = None
    content_type = b"text/plain"
    for name, value in fields:
        name = name.lower()
        if name == b"content-disposition":
            disposition = parse_parameters(value)
        elif name == b"content-type":
            content_type = value
    if disposition is None or disposition[0] != b"form-data" or b"name" not in disposition[1]:
        from .multipart_faults import no_name

        raise no_name()
    return disposition[1][b"name"], disposition[1].get(b"filename"), content_type
