"""Bodies that somebody wants whole, before a handler or as JSON. Loaded with the first of these. Layer 6."""

from ..errors import PeerError
from ..port import system


async def call_behind(handler, request, is_plain):
    """What a handler gives that is called when the body is there; one that proves a coroutine has it yet to read.

    Where nobody knows beforehand (not `is_plain`) what is too large for memory waits for the coroutine; any other
    handler meets PeerError (413) when it looks at `content`.
    """
    content = request.content
    if is_plain:
        content = await request.read()
    elif not content:
        content = await _read_some(request.body, request.connection.server.settings.max_content_length)
        if request.body.is_complete():
            request.content = content
        else:
            del request.content
    result = handler(request)
    if system.is_coroutine(result):
        request.body.give_back(content)
        request.content = b""
    return result


async def _read_some(body, limit):
    """All of it where that is at most `limit`, else its beginning or nothing."""
    chunks = []
    total = 0
    while total <= limit and getattr(body.framing, "length", 0) <= limit and not body.is_complete():
        chunks.append(await body.next_chunk())
        total += len(chunks[-1])
    return b"".join(chunks)


def parse_json(content):
    """JSON from bytes; raises PeerError("bad_json", 400)."""
    import json

    try:
        return json.loads(content)
    except ValueError as error:
        raise PeerError("bad_json", cause=error)
