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
        content = await request.body.read_some(request.connection.server.settings.max_content_length)
        if request.body.is_complete():
            request.content = content
        else:
            del request.content
    result = handler(request)
    if system.is_coroutine(result):
        request.body.give_back(content)
        request.content = b""
    return result


def parse_json(content):
    """JSON from bytes; raises PeerError("bad_json", 400)."""
    import json

    try:
        return json.loads(content)
    except ValueError as error:
        raise PeerError("bad_json", cause=error)
