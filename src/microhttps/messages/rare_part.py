"""What of a Part an upload in constant memory never names: loaded with the first such name. Layer 6.

`Part.__getattr__` looks here. Each is short: what it needs is imported inside it, from the module that knows.
"""

from ..errors import PeerError


class RarePart:
    """The rarely named methods and properties of one Part."""

    def __init__(self, part):
        self._part = part

    def __getattr__(self, name):
        raise AttributeError("Part has no attribute " + repr(name))

    @property
    def headers(self):
        """All its header fields (Headers)."""
        from ..wire.headers import Headers

        return Headers(self._part._fields)

    async def read(self, limit=None):
        """All of it as bytes; waits. Raises PeerError("body_too_large", 413) beyond the limit (max_content_length)."""
        part = self._part
        if part.content is None:
            limit = part._parts.limit if limit is None else limit
            chunks = []
            while True:
                chunk = await part.next_chunk()
                if not chunk:
                    break
                chunks.append(bytes(chunk))
                limit -= len(chunk)
                if limit < 0:
                    raise PeerError("body_too_large", status=413, setting="max_content_length", name=part.name)
            part.content = b"".join(chunks)
        return part.content

    async def text(self, limit=None):
        """All of it as text, which must be UTF-8; waits. Raises PeerError("bad_form") and as `read`."""
        from ..wire.url import decode_utf8

        return decode_utf8(await self.read(limit), "bad_form")
