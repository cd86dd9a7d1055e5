"""What of a Request few handlers name: loaded with the first such name, so that a board pays for what it uses.

`Request.__getattr__` looks here. Each is short: what it needs is imported inside it, from the module that knows.
Layer 6.
"""


class RareRequest:
    """The rarely named methods and properties of one Request."""

    user = None  # until an authentication sets it

    def __init__(self, request):
        self._request = request

    def __getattr__(self, name):
        raise AttributeError("Request has no attribute " + repr(name))

    @property
    def kept(self):
        """A dictionary that lives as long as the request, for what several look at and one works out."""
        kept = self._request.kept = {}
        return kept

    @property
    def content(self):
        """Not there, because it is too much: raises PeerError("body_too_large", 413)."""
        from ..errors import PeerError

        limit = self._request.connection.server.settings.max_content_length
        raise PeerError("body_too_large", status=413, limit=limit, setting="max_content_length")

    @property
    def query(self):
        """The query as Fields: a dictionary of text, of a name given twice the first, `get_all` has both.

        Raises PeerError when its coding is broken.
        """
        from ..wire.fields import Fields
        from ..wire.url import parse_query

        target = self._request.head.target
        return Fields(parse_query(target.split("?", 1)[1]) if "?" in target else ())

    @property
    def cookies(self):
        """The cookies as a dictionary of text (RFC 6265 section 5.4)."""
        from ..wire.headers import parse_cookies

        return parse_cookies("; ".join(self._request.headers.get_all("cookie")))

    @property
    def trailers(self):
        """The header fields that came behind a chunked body (Headers), empty until it was read to its end.

        Those that RFC 9110 section 6.5.1 forbids there were dropped.
        """
        from ..wire.headers import Headers

        body = self._request.body
        return Headers(getattr(getattr(body, "framing", None), "trailers", ()) if body.is_complete() else ())

    async def json(self):
        """The body as JSON, whatever its media type says; waits. Raises PeerError("bad_json", 400) when it is none."""
        from .whole_bodies import parse_json

        return parse_json(await self._request.read())

    async def form(self):
        """The body as a Form, url-encoded or multipart, in memory; waits. Raises PeerError (400, 413, 415)."""
        from .forms import read_form

        return await read_form(self._request)

    def parts(self):
        """The Parts of a multipart body, one by one as they come: `async for part in request.parts()`."""
        from .parts import Parts

        return Parts(self._request)
