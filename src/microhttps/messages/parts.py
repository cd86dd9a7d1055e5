"""The parts of a multipart body as they come: fields, and files that go to files in constant memory. Layer 6."""

import os

from ..errors import UsageError
from ..port import system
from ..wire.http1 import NEED_DATA

system.make_room()  # what is loaded now stays, and should not lie among rubbish


class Parts:
    """The parts of a multipart body: iterate it; what of a part was not read is passed over with the next.

    Made by `request.parts()`, that is by `form_types.parts_of`. Iterating raises PeerError: "bad_multipart",
    "too_many_parts", and as a body does.
    """

    def __init__(self, request, boundary):
        settings = request.connection.server.settings
        self._max_parts = settings.max_form_fields
        self._boundary = boundary
        self._parser = None
        self._content = request.content  # somebody may have read it already
        self._body = request.body
        self._next = None  # the event that ended the part before
        self._part = None
        self.limit = settings.max_content_length

    def __aiter__(self):
        return self

    async def __anext__(self):
        while self._part is not None:
            await self.next_chunk()
        event, self._next = self._next, None
        if event is None:
            event = await self._next_event()
        # What reads a head is not there while the content goes by: a board has better use for its memory.
        system.drop("wire.part_heads")
        system.drop("wire.parameters")
        if event is self._end:
            self._next = event
            raise StopAsyncIteration
        self._part = Part(event, self)
        return self._part

    def is_at(self, part):
        """Whether this is the part whose content comes next."""
        return part is self._part

    async def next_chunk(self):
        """The next bytes of the part that was given out last, b"" behind the last; waits."""
        event = await self._next_event()
        if isinstance(event, bytes):
            return event
        self._next = event
        self._part = None
        return b""

    def _begin(self):
        from ..wire.multipart import END, Multipart

        self._end = END
        self._parser = Multipart(self._boundary, self._max_parts)
        self._parser.receive(self._content)
        self._content = None

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
            else:
                self._parser.at_end_of_stream()
                return self._parser.next_event()


class Part:
    """A part: `name`, `filename`, `content_type`, `headers`, `content` once it was read.

    The filename is None for what is no file, "" when none was chosen, and never a path; the content type is text/plain
    where the sender says nothing. Iterate it for its bytes as they come, or `read`, `text`, `save` it, before the next
    part is asked for.
    """

    __slots__ = ("_fields", "_is_read", "_parts", "content", "content_type", "filename", "name")

    def __init__(self, head, parts):
        self.name, self.filename, self.content_type, self._fields = head
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
        return chunk

    async def next_chunk(self):
        """The next bytes, b"" behind the last; waits. Raises PeerError, UsageError("part_passed_over")."""
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
        unfinished = "%s.%s.part" % (path, "".join("%02x" % byte for byte in os.urandom(4)))
        try:
            with open(unfinished, "wb") as file:
                length = await self._write(file)
            os.rename(unfinished, path)
        except BaseException:  # an error, the end of the connection or of the server: it is raised again
            try:
                os.remove(unfinished)
            except OSError:
                pass  # it was never there
            raise
        return length

    async def _write(self, file):
        if self.content is not None:
            return file.write(self.content)
        length = 0
        while True:
            chunk = await self.next_chunk()
            if not chunk:
                return length
            written = file.write(chunk)
            if written != len(chunk):
                raise OSError(28)  # ENOSPC: what some file systems say with a short count
            length += written
