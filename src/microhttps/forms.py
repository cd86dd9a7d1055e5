"""What an HTML form sends, url-encoded or multipart, whole in memory. Loaded with the first form.

Held in memory is what the server's `max_content_length` and `max_form_fields` allow; uploads larger than that are taken
part by part (`parts`, loaded with the first multipart body). Layer 5.
"""

from .errors import PeerError
from .fields import Fields
from .parameters import parse_parameters
from .url import decode_utf8, parse_query

URL_ENCODED = b"application/x-www-form-urlencoded"
MULTIPART = b"multipart/form-data"


class Form(Fields):
    """The text fields of a form as a dictionary, of a repeated one the first (`get_all` has them all).

    `files` is the same for its uploads: Part objects whose `content` is there. A file input left empty is in neither.
    """

    def __init__(self):
        super().__init__()
        self.files = Fields()


async def read_form(request):
    """The Form of a request; waits. Raises PeerError: 415 "not_a_form", 413 when it is too much, 400 when it is bad."""
    kept = request.kept
    if "form" not in kept:
        settings = request.connection.server.settings
        if form_type_of(request)[0] == URL_ENCODED:
            kept["form"] = _decode(await request.read(), settings.max_form_fields)
        else:
            kept["form"] = await _collect(open_parts(request), settings.max_content_length)
    return kept["form"]


def open_parts(request):
    """The Parts of a multipart request; raises PeerError("not_a_form", 415), PeerError("bad_multipart")."""
    kind, parameters = form_type_of(request)
    if kind != MULTIPART:
        raise PeerError("not_a_form", status=415, got=kind)
    from .parts import Parts

    return Parts(request, parameters)


def form_type_of(request):
    """(media type, parameters) of a form's body; raises PeerError("not_a_form", 415) for any other."""
    refuse_coding(request)
    raw = [value for name, value in request.head.fields if name.lower() == b"content-type"]
    if not raw and not request.has_body:
        return URL_ENCODED, {}  # a form without a field
    found = parse_parameters(raw[0]) if len(raw) == 1 else None
    if found is None or found[0] not in (URL_ENCODED, MULTIPART):
        raise PeerError("not_a_form", status=415, got=b", ".join(raw))
    return found


def refuse_coding(request):
    """Raises PeerError("coded_body", 415) for a body that is compressed (RFC 9110 section 15.5.16)."""
    coding = request.headers.get("content-encoding", "identity")
    if coding.lower() not in ("identity", ""):
        raise PeerError("coded_body", status=415, got=coding)


def _decode(content, max_fields):
    if content.count(b"&") >= max_fields:
        raise PeerError("too_many_parts", "form has more than %d fields" % max_fields, 413)
    form = Form()
    for name, value in parse_query(decode_utf8(content, "bad_form")):
        form.add(name, value)
    return form


async def _collect(parts, left):
    form = Form()
    async for part in parts:
        left -= len(await part.read(left))
        if part.filename is None:
            form.add(part.name, decode_utf8(part.content, "bad_form"))
        elif part.filename or part.content:
            form.files.add(part.name, part)
    return form
