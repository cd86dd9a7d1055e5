"""A part of a form into a file: loaded behind its head, when a board has room again. Layer 6."""

import os


async def save(part, path):
    """As Part.save."""
    unfinished = "%s.%s.part" % (path, "".join("%02x" % byte for byte in os.urandom(4)))
    try:
        with open(unfinished, "wb") as file:
            length = await _write(part, file)
        os.rename(unfinished, path)
    except BaseException:  # an error, the end of the connection or of the server: it is raised again
        try:
            os.remove(unfinished)
        except OSError:
            pass  # it was never there
        raise
    return length


async def _write(part, file):
    if part.content is not None:
        return file.write(part.content)
    length = 0
    while True:
        chunk = await part.next_chunk()
        if not chunk:
            return length
        written = file.write(chunk)
        if written != len(chunk):
            raise OSError(28)  # ENOSPC: what some file systems say with a short count
        length += written
        chunk = None  # a board has room for the next one, and not for both
