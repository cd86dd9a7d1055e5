"""A route for WebSockets: what a server keeps of it until somebody asks, and what becomes of its handler then.

The handshake is in `websocket_server`, which is loaded for it and forgotten behind it. Layer 9.
"""

from ..errors import MicrohttpsError
from ..port import system

NORMAL, FAULT = 1000, 1011  # RFC 6455 section 7.4.1


class Endpoint:
    """The handler of a route for WebSockets, as the server calls it; what it returns is no answer any more."""

    __slots__ = ("before", "handler", "origins", "subprotocols")
    kind = system.ASYNC

    def __init__(self, handler, subprotocols, origins, before):
        self.handler = handler
        self.subprotocols = subprotocols
        self.origins = origins
        self.before = before

    async def __call__(self, request):
        """The answer of a refusal; else the WebSocket from its handshake to its end, and None."""
        socket, refusal = await _shake_hands(self, request)
        try:
            system.drop("server.websocket_server", "wire.websocket_key")
            if socket is None:
                return refusal
            await self._serve(socket, request.connection.server)
        finally:
            if socket is not None:
                socket.abort()  # the task was cancelled, if it has not closed by now
        return None

    async def _serve(self, socket, server):
        code = NORMAL
        try:
            result = self.handler(socket)
            if system.is_coroutine(result):
                await result
        except Exception as error:
            if not (isinstance(error, MicrohttpsError) and error.code == "websocket_closed"):
                code = FAULT
                server.report(error, "a handler failed")
        await socket.close(code)


def endpoint_of(handler, subprotocols, origins, before):
    """What a route needs to answer WebSockets with this handler; guards around it keep their place."""
    if system.handler_kind(handler) == system.ASKED_FIRST:
        return handler.around(lambda inner: Endpoint(inner, subprotocols, origins, before))
    return Endpoint(handler, subprotocols, origins, before)


async def _shake_hands(endpoint, request):
    from .websocket_server import shake_hands

    return await shake_hands(request, endpoint)
