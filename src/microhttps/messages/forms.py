"""What an HTML form sends, url-encoded or multipart, whole in memory. Loaded with the first form that is wanted so.

Held in memory is what the server's `max_content_length` and `max_form_fields` allow; uploads larger than that are taken
part by part (`parts`). Layer 6.
"""

from ..errors import PeerError
from ..wire.fields import Fields
from ..wire.url import decode_utf8, parse_query
from .form_types import URL_ENCODED, form_type_of


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
            kept["form"] = await _collect(request, settings.max_content_length)
    return kept["form"]


def _decode(content, max_fields):
    if content.count(b"&") >= max_fields:
        raise PeerError("too_many_parts", "form has more than %d fields" % max_fields, 413)
    form = Form()
    for name, value in parse_query(decode_utf8(content, "bad_form")):
        form.add(name, value)
    return form


async def _collect(request, left):
    form = Form()
    from .parts import Parts

    async for part in Parts(request):
        left -= len(await part.read(left))
        if part.filename is None:
            form.add(part.name, decode_utf8(part.content, "bad_form"))
        elif part.filename or part.content:
            form.files.add(part.name, part)
    return form
