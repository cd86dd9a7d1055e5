"""Files as answers: which variant, which part, or that the client has it already; read piece by piece.

What is decided, is decided from the file's size and time; while it is sent it must stay what it was, else the
connection is cut. Nothing is open between two steps that could fail. Layer 6.
"""

import os

from ..errors import PeerError, UsageError
from ..port import system
from ..wire.http_dates import EPOCH, format_date
from .conditions import fields_of, has_same, verdict, without_body

CHUNK = (1024, 64 * 1024)[system.SIZE]  # read and sent at once
WHOLE = (1024, 16 * 1024)[system.SIZE]  # up to this size a file is read at once and leaves with its head
SETTLED = 2  # seconds: a file changed more recently may change again within the same second, unseen
TICK = 0.1  # seconds: the same where the time has fractions, for the system's clock of files is slower than its own
ABSENT = (2, 20, 21, 22, 36, 40)  # ENOENT, ENOTDIR, EISDIR, EINVAL, ENAMETOOLONG, ELOOP
FORBIDDEN = (1, 13)  # EPERM, EACCES


class File:
    """What stands as `body` of a Response: a path and how it is to be sent."""

    __slots__ = ("_gzip", "_path", "cache_control", "disposition")

    def __init__(self, path, cache_control, disposition, gzip):
        self.cache_control = cache_control
        self._path = path
        self.disposition = disposition
        self._gzip = gzip

    def choose(self, head, status, headers):
        """(status, bytes or a source of pieces, its length, headers); raises PeerError (403, 404, 406)."""
        try:
            return self._choose(head, status, list(headers))
        except _Changed:
            return self._choose(head, status, list(headers))  # it was being replaced; if it still is, that is a fault

    def _choose(self, head, status, headers):
        asked = fields_of(head)
        path, facts, is_gzip = self._find(asked, headers)
        size, changed, _ = facts
        age = system.wall_clock() - changed
        etag = _etag_of(facts, is_gzip, age)
        if etag is not None:
            headers.append(("ETag", etag.decode()))
            if age >= 0:  # a date to come is none (RFC 9110 section 8.8.2.1)
                headers.append(("Last-Modified", format_date(changed)))
        if self.cache_control:
            headers.append(("Cache-Control", self.cache_control))
        if status != 200:
            return self._whole(status, path, facts, is_gzip, headers)
        refusal = verdict(asked, head.method, etag, changed if etag else None)
        if refusal == 304:
            return 304, b"", 0, without_body(headers)
        if refusal:
            return refusal, "%d Precondition Failed\n" % refusal, None, without_body(headers)
        headers.append(("Accept-Ranges", "bytes"))
        date = changed if etag and age >= SETTLED else None
        if head.method == "GET" and b"range" in asked and has_same(asked.get(b"if-range"), etag, date):
            from .ranges import MOST, take_ranges

            ranges = take_ranges(asked[b"range"], size, MOST[system.SIZE])
            if ranges is not None:
                return self._parts(path, facts, is_gzip, headers, ranges)
        return self._whole(200, path, facts, is_gzip, headers)

    def _find(self, asked, headers):
        """(path, its facts, is it the compressed one) of the variant that is accepted."""
        path = self._path
        compressed = _facts_or_none(path + ".gz") if self._gzip else None
        facts = _facts_or_none(path) if compressed else facts_of(path)
        if compressed is None or facts and compressed[1] < facts[1]:  # an old one is not of this file
            return path, facts, False
        headers.append(("Vary", "Accept-Encoding"))
        if accepts_gzip(asked.get(b"accept-encoding", b"*" if facts is None else b"")):
            return path + ".gz", compressed, True
        if facts is None:
            raise PeerError("not_acceptable", status=406)
        return path, facts, False

    def _describe(self, is_gzip, headers):
        """Add what describes the body; gives its media type."""
        media_type = None
        for name, value in headers:
            if name.lower() == "content-type":
                media_type = value
        if media_type is None:
            from ..wire.media_types import media_type_of

            media_type = media_type_of(self._path)
            headers.append(("Content-Type", media_type))
        if is_gzip:
            headers.append(("Content-Encoding", "gzip"))
        if self.disposition:
            headers.append(("Content-Disposition", self.disposition))
        return media_type

    def _whole(self, status, path, facts, is_gzip, headers):
        self._describe(is_gzip, headers)
        body, length = _body_of(path, facts, [(b"", 0, facts[0])])
        return status, body, length, headers

    def _parts(self, path, facts, is_gzip, headers, ranges):
        from .ranges import content_range, multipart

        size = facts[0]
        if not ranges:
            headers = without_body(headers)
            headers.append(("Content-Range", "bytes */%d" % size))
            return 416, "416 Range Not Satisfiable\n", None, headers
        media_type = self._describe(is_gzip, headers)
        if len(ranges) == 1:
            start, length = ranges[0]
            headers.append(("Content-Range", content_range(start, length, size)))
            parts = [(b"", start, length)]
        else:
            media_type, parts = multipart(ranges, size, media_type)
            headers = [(name, value) for name, value in headers if name.lower() != "content-type"]
            headers.append(("Content-Type", media_type))
        body, length = _body_of(path, facts, parts)
        return 206, body, length, headers


class FileSource:
    """The pieces of one answer: `parts` are (text, start, length), the text before that much of the file."""

    __slots__ = ("_facts", "_parts", "_path")

    def __init__(self, path, facts, parts):
        self._path = path
        self._facts = facts
        self._parts = parts

    def __iter__(self):
        """The pieces, each good until the next; raises UsageError when the file is not what it was."""
        with open(self._path, "rb") as file:
            if facts_of(self._path) != self._facts:
                raise _Changed(self._path)
            view = memoryview(bytearray(min(CHUNK, self._facts[0])))
            for text, start, length in self._parts:
                if text:
                    yield text
                file.seek(start)
                while length:
                    count = file.readinto(view[:min(CHUNK, length)])
                    if not count:
                        raise _Changed(self._path)
                    yield view[:count]
                    length -= count


class _Changed(UsageError):
    def __init__(self, path):
        super().__init__("file_changed", path=path)


def _body_of(path, facts, parts):
    """(bytes, None) of little, (a source, its length) of much; raises PeerError when it may not be read."""
    length = sum(len(text) + count for text, _, count in parts)
    source = FileSource(path, facts, parts)
    try:
        if length <= WHOLE:
            return b"".join([bytes(piece) for piece in source]), None
        open(path, "rb").close()
    except OSError as error:
        raise _refusal(error)
    return source, length


def facts_of(path):
    """(size, time of the last change or 0, its nanoseconds or 0) of a regular file; raises PeerError for any other."""
    try:
        found = os.stat(path)
    except (OSError, ValueError) as error:
        raise _refusal(error)
    if found[0] & 0xF000 != 0x8000:  # a directory, a device, a pipe that would never end
        raise PeerError("not_found", status=404)
    fraction = found.st_mtime_ns % 1000000000 if system.SIZE else 0  # a computer
    return found[6], found[8] + EPOCH if found[8] else 0, fraction


def is_folder(path):
    """Whether this is the path of a folder."""
    try:
        return os.stat(path)[0] & 0xF000 == 0x4000
    except (OSError, ValueError):
        return False


def _facts_or_none(path):
    try:
        return facts_of(path)
    except PeerError:
        return None


def _refusal(error):
    """The PeerError for a path that cannot be opened; any other error as it is, for it is the server's fault."""
    number = error.args[0] if isinstance(error, OSError) else ABSENT[0]
    if number in ABSENT:
        return PeerError("not_found", status=404, cause=error)
    return PeerError("forbidden", status=403, cause=error) if number in FORBIDDEN else error


def _etag_of(facts, is_gzip, age):
    """The entity tag (RFC 9110 section 8.8.3), weak while the time does not tell changes apart; None without a time."""
    size, changed, fraction = facts
    if not changed:
        return None
    is_settled = age >= SETTLED or fraction and age >= fraction / 1000000000 + TICK
    text = b"%x.%x-%x" % (changed, fraction, size) if fraction else b"%x-%x" % (changed, size)
    return b'%s"%s%s"' % (b"" if is_settled else b"W/", text, b"-gz" if is_gzip else b"")


def accepts_gzip(value):
    """Whether this Accept-Encoding (bytes) takes gzip (RFC 9110 section 12.5.3)."""
    found = {}
    for part in value.lower().split(b","):
        coding, *parameters = part.split(b";")
        refused = [text for text in parameters if text.strip()[:2] == b"q=" and not text.strip()[2:].strip(b"0.")]
        found[coding.strip()] = not refused
    return found.get(b"gzip", found.get(b"x-gzip", found.get(b"*", False)))


def path_beside(path, module_file):
    """The path as text; where the `__file__` of a module is given, that of its folder before it."""
    path = str(path)
    if module_file is None:
        return path
    return module_file[:max(module_file.rfind("/"), module_file.rfind("\\")) + 1] + path


def file_response(make, path, content_type=None, status=200, headers=(), download=None, cache_control=None,
                  max_age=None, gzip=True, beside=None):
    """What `Response.file` gives; raises UsageError for a name or a header that cannot be sent."""
    path = path_beside(path, beside)
    if max_age is not None:
        age = "max-age=%d" % max_age
        cache_control = cache_control + ", " + age if cache_control else age
    disposition = None
    if download:
        from ..wire.disposition import attachment

        disposition = attachment(path.rpartition("/")[2] if download is True else download)
    return make(File(path, cache_control, disposition, gzip), status, headers, content_type)
