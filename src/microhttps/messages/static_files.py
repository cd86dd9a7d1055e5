"""Folders served as they are: `server.static("/assets", "www")`. No path leads out of the folder. Layer 6.

A path is taken apart while it is still coded, so that what a client codes is no separator. Every segment must be a
plain name: nothing empty, nothing that begins with a dot (`..`, `.git`), no slash, backslash, colon, tilde or control
character. Where there are links (CPython), what they lead to must be inside the folder, too.
"""

from ..errors import PeerError, UsageError
from ..port import system
from ..wire.url import percent_decode
from .files import is_folder, path_beside
from .response import Response


def mount(server, prefix, folder, decorators, index, options):
    """Have a server answer under this prefix with the files of a folder; raises UsageError("no_such_folder")."""
    options = dict(options)
    folder = path_beside(folder, options.pop("beside", None))
    if not is_folder(folder):
        raise UsageError("no_such_folder", path=folder)
    Response.file("", **options)  # an option that is none is told now, not to the first visitor
    prefix = prefix.rstrip("/")
    handler = StaticFolder(prefix, folder, index, options)
    for decorator in reversed(decorators):
        handler = decorator(handler)
    if prefix:
        server.get(prefix)(handler)
    server.get(prefix + "/*")(handler)


class StaticFolder:
    """A handler for GET that answers with the files of a folder; `options` are those of `Response.file`."""

    def __init__(self, prefix, folder, index, options):
        self._depth = prefix.count("/")
        self._folder = str(folder).rstrip("/")
        self._index = index
        self._options = options

    def __call__(self, request):
        """The file, a redirect to a folder's own path, or 404; raises PeerError."""
        target, mark, query = request.head.target.partition("?")
        path = self.path_of(target)
        if path is None:
            raise PeerError("not_found", status=404)
        if not path.endswith("/" + self._index) and is_folder(path):
            # Without the slash, what its page names beside itself would be looked for one folder up.
            return Response.redirect("./" + target.rpartition("/")[2] + "/" + mark + query, 301)
        return Response.file(path, **self._options)

    def path_of(self, target):
        """The path of what a target names, the index for a folder with its slash; None for what is not to be had.

        Raises PeerError for broken percent-coding.
        """
        names = [percent_decode(segment) for segment in target.split("/")[self._depth + 1:]]
        if names and not names[-1]:
            names[-1] = self._index
        for name in names:
            if not is_plain(name):
                return None
        path = "/".join([self._folder] + names)
        for variant in (path, path + ".gz") if names else ():
            if not system.is_inside(variant, self._folder or "/"):
                return None
        return path


def is_plain(name):
    """Whether this is the name of a file that is shown, on any system.

    Windows has drives, streams and lenient ends; there and on the FAT of a memory card HIDDEN~1 is .hidden, too.
    """
    if not name or name[0] == "." or name[-1] in ". ":
        return False
    return not any(character < " " or character in '/\\:~\x7f' for character in name)
