"""Answers read off a bare stream by hand: for scenarios whose client is less polite than ours. Both interpreters."""


async def read_head(stream):
    """(status, {name in lower case: value}) of the next answer, (None, {}) at the end of the stream."""
    line = await stream.readline()
    if not line:
        return None, {}
    status = int(line.split(b" ")[1])
    fields = {}
    while True:
        line = (await stream.readline()).decode().strip()
        if not line:
            return status, fields
        name, _, value = line.partition(":")
        fields[name.lower()] = value.strip()


async def read_answer(stream):
    """(status, fields, body) of the next answer whose length is announced."""
    status, fields = await read_head(stream)
    length = int(fields.get("content-length", 0))
    return status, fields, await stream.readexactly(length) if length else b""


async def is_at_end(stream):
    """Whether the peer has closed; what still comes is a failure and is shown."""
    rest = await stream.read(200)
    return True if rest == b"" else rest
