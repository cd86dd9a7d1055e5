"""The answer of the comparison as an RSGI application: granian's own, faster interface."""

HEADERS = [("content-type", "text/plain")]


async def app(scope, protocol):
    """Answer every request alike."""
    protocol.response_bytes(200, HEADERS, b"Hello, World!")
