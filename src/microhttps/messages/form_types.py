"""Which kind of form a body is, from its Content-Type; and that it is not compressed. Layer 6."""

from ..errors import PeerError
from ..wire.parameters import parse_parameters

URL_ENCODED = b"application/x-www-form-urlencoded"
MULTIPART = b"multipart/form-data"
MAX_BOUNDARY_LENGTH = 70  # RFC 2046 5.1.1
BOUNDARY_BYTES = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? "


def form_type_of(request):
    """(media type, parameters) of a form's body; raises PeerError 415, "not_a_form" for any other or "coded_body"."""
    found = URL_ENCODED, {}  # a form without a field has neither type nor body
    kinds = 1 - request.has_body
    for name, value in request.head.fields:
        name = name.lower()
        if name == b"content-type":
            kinds += 1
            found = parse_parameters(value)
        elif name == b"content-encoding" and value.lower() not in (b"identity", b""):
            raise PeerError("coded_body", status=415, got=value)  # RFC 9110 section 15.5.16
    if not kinds or found is None or found[0] not in (URL_ENCODED, MULTIPART):
        raise PeerError("not_a_form", status=415, got=found and found[0])
    return found


def boundary_of(request):
    """The boundary of a multipart body; raises PeerError: "not_a_form" and "coded_body", 415, "bad_multipart", 400."""
    kind, parameters = form_type_of(request)
    if kind != MULTIPART:
        raise PeerError("not_a_form", status=415, got=kind)
    boundary = parameters.get(b"boundary", b"")
    if not boundary or len(boundary) > MAX_BOUNDARY_LENGTH or boundary.lstrip(BOUNDARY_BYTES) or boundary[-1] == 0x20:
        from ..wire.multipart_faults import bad_boundary

        raise bad_boundary(MAX_BOUNDARY_LENGTH)
    return boundary
