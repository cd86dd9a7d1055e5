"""What comes in pieces into a file, a part of a form or an answer: loaded when a board has room again. Layer 6."""

import os

KIND, REGULAR = 0xF000, 0x8000  # of the first number that `os.stat` gives


async def save(next_chunk, path, content=None):
    """Write what `next_chunk()` gives until it gives nothing, or this content; how many bytes. Raises OSError.

    The file appears under its name when it is whole. What is no file, /dev/null say, is written to as it is.
    """
    if _is_special(path):
        with open(path, "wb") as file:
            return await _write(next_chunk, file, content)
    unfinished = "%s.%s.part" % (path, "".join("%02x" % byte for byte in os.urandom(4)))
    try:
        with open(unfinished, "wb") as file:
            length = await _write(next_chunk, file, content)
        os.rename(unfinished, path)
    except BaseException:  # an error, the end of the connection or of the server: it is raised again
        try:
            os.remove(unfinished)
        except OSError:
            pass  # it was never there
        raise
    return length


def _is_special(path):
    try:
        return os.stat(path)[0] & KIND != REGULAR
    except OSError:
        return False


async def _write(next_chunk, file, content):
    if content is not None:
        return file.write(content)
    length = 0
    while True:
        chunk = await next_chunk()
        if not chunk:
            return length
        written = file.write(chunk)
        if written != len(chunk):
            raise OSError(28)  # ENOSPC: what some file systems say with a short count
        length += written
        chunk = None  # a board has room for the next one, and not for both
