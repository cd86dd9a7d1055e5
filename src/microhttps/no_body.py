"""The body of a message that has none. Layer 6: imports nothing."""


class NoBody:
    """The body of a message that has none; `pending` is what came behind the head."""

    def __init__(self, pending=b""):
        self.pending = pending

    def is_complete(self):
        """True."""
        return True

    async def drain(self):
        """True: nothing is left."""
        return True

    async def next_chunk(self):
        """b"": the end."""
        return b""

    async def read(self, limit):
        """b"": nothing."""
        return b""

    def __aiter__(self):
        return self

    async def __anext__(self):
        raise StopAsyncIteration


NO_BODY = NoBody()
