"""The answer of the comparison as an ASGI application, for uvicorn and hypercorn."""

START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/plain"), (b"content-length", b"13")],
}
BODY = {"type": "http.response.body", "body": b"Hello, World!"}


async def app(scope, receive, send):
    """Answer every HTTP request alike; refuse the lifespan protocol as the standard allows."""
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    await send(START)
    await send(BODY)
