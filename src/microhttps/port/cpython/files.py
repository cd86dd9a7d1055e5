"""CPython: files read, and paths that lead where they should. Layer 3."""

import os


def _has_links(path, start):
    """Whether a part of the path behind `start` is a link: a look at each is a tenth of what resolving them costs."""
    while start > 0:
        start = path.find("/", start) + 1
        if os.path.islink(path[:start - 1] if start else path):
            return True
    return False


def is_inside(path, folder):
    """Whether what a path below this folder leads to, links followed, is the folder or in it."""
    try:
        if os.sep == "/" and not _has_links(path, len(folder) + 1):
            return True
        path, folder = os.path.realpath(path), os.path.realpath(folder)
    except ValueError:  # not even a name in this file system
        return False
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def read_file(path):
    """The bytes of a file; raises OSError."""
    with open(path, "rb") as file:
        return file.read()
