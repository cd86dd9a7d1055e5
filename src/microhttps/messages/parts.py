"""The parts of a multipart body as they come: fields, and files that go to files in constant memory. Layer 6.

A board needs most memory while the head of a part is read: what is done with its content is loaded behind it.
"""

from ..errors import UsageError
from ..port import system
from ..wire.http1 import NEED_DATA
from ..wire.multipart import END, Multipart

system.make_room()  # what is loaded now stays, and should not lie among rubbish
# Kept free in one piece while heads are read, and modules come and go: then a chunk, and the one behind it, find their
# places. Measured in a heap of 48 KB, where all that is left is in pieces of 200 bytes.
ROOM = 640


class Parts:
    """The parts of a multipart body: iterate it; what of a part was not read is passed over with the next.

    Made by `request.parts()`. Iterating raises PeerError: "not_a_form" and "coded_body" (415), "bad_multipart",
    "too_many_parts", and as a body does.
    """

    def __init__(self, request):
        settings = request.connection.server.settings
        self._max_parts = settings.max_form_fields
        self._request = request
        self._parser = None
        self._body = request.body
        self._next = None  # the event that ended the part before
        self._part = None
        self._room = None
        self.limit = settings.max_content_length

    def __aiter__(self):
        return self

    async def __anext__(self):
        while self._part is not None:
            await self.next_chunk()
        event, self._next = self._next, None
        if event is None:
            event = await self._next_event()
        if event is END:
            self._next = event
            raise StopAsyncIteration
        fields = _read_fields(event)
        self._part = Part(_read_head(_read_names(fields)), fields, self)
        return self._part

    def is_at(self, part):
        """Whether this is the part whose content comes next."""
        return part is self._part

    async def next_chunk(self):
        """The next bytes of the part that was given out last, or a view of them, b"" behind the last; waits."""
        self._room = None
        event = await self._next_event()
        if event is not END and not isinstance(event, list):
            return event
        self._next = event
        self._part = None
        return b""

    def _begin(self):
        request, self._request = self._request, None
        system.drop("messages.rare_request")  # which has brought us here
        system.drop("wire.semantics")
        system.drop("wire.multipart_faults")  # of the form before
        self._room = bytearray(ROOM)
        self._parser = Multipart(_boundary_of(request), self._max_parts)
        self._parser.receive(request.content)  # somebody may have read it already

    async def _next_event(self):
        if self._parser is None:
            self._begin()
        while True:
            event = self._parser.next_event()
            if event is not NEED_DATA:
                return event
            chunk = await self._body.next_chunk()
            if chunk:
                self._parser.receive(chunk)
                chunk = None  # which lives on in the parser, or behind what that had kept of the one before
            else:
                self._parser.at_end_of_stream()
                return self._parser.next_event()


# Each of these is forgotten before the next is loaded, and all before the content goes by. One by one, because what is
# dropped in one call may be one module of a board.


def _boundary_of(request):
    from .form_types import boundary_of

    boundary = boundary_of(request)
    system.drop("messages.form_types")
    system.drop("wire.parameters")
    return boundary


def _read_fields(lines):
    from ..wire.part_fields import read_fields

    fields = read_fields(lines)
    system.drop("wire.part_fields")
    return fields


def _read_names(fields):
    from ..wire.part_names import read_names

    names = read_names(fields)
    system.drop("wire.part_names")
    system.drop("wire.parameters")
    return names


def _read_head(names):
    from ..wire.part_heads import read_head

    head = read_head(names)
    system.drop("wire.part_heads")
    return head


class Part:
    """A part: `name`, `filename`, `content_type`, `headers`, `content` once it was read.

    The filename is None for what is no file, "" when none was chosen, and never a path; the content type is text/plain
    where the sender says nothing. Iterate it for its bytes as they come, or `read`, `text`, `save` it, before the next
    part is asked for.
    """

    __slots__ = ("_fields", "_is_read", "_parts", "content", "content_type", "filename", "name")

    def __init__(self, head, fields, parts):
        self.name, self.filename, self.content_type = head
        self._fields = fields
        self._parts = parts
        self._is_read = False
        self.content = None

    def __getattr__(self, name):
        """What holds a part in memory (read, text), and its `headers`, is in `rare_part`."""
        from .rare_part import RarePart

        return getattr(RarePart(self), name)

    def __aiter__(self):
        return self

    async def __anext__(self):
        chunk = await self.next_chunk()
        if not chunk:
            raise StopAsyncIteration
        return bytes(chunk)

    async def next_chunk(self):
        """The next bytes or a view of them, b"" behind the last; waits.

        Raises PeerError, UsageError("part_passed_over").
        """
        if self._is_read:
            return b""
        if not self._parts.is_at(self):
            raise UsageError("part_passed_over", name=self.name)
        chunk = await self._parts.next_chunk()
        self._is_read = not chunk
        return chunk

    async def save(self, path):
        """Write it to a file, in the memory of one chunk; waits. Returns its length. Raises PeerError and OSError.

        The file appears under its name when it is whole, in place of one that was there; until then it has a name of
        its own in the same folder, and nothing is left of it when the rest does not come.
        """
        from .saving import save

        return await save(self.next_chunk, path, self.content)
