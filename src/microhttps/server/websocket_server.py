"""How a WebSocket begins on a server (RFC 6455 section 4.2). Layer 9.

Who asks from a browser must come from a page of this very server, unless the route names others: a browser sends
cookies along to whoever opens a WebSocket, and this is all that stands between them and a strange page.
"""

from ..connections.websocket_wire import complete
from ..port import system
from ..websocket import WebSocket
from ..wire.websocket_key import VERSION, accept_of, is_key, members_of, values_of
from .exchange import send_within


async def shake_hands(request, endpoint):
    """(the WebSocket, None), or (None, the answer of a refusal)."""
    refusal = refusal_of(request, endpoint.origins)
    if refusal is None and endpoint.before is not None:
        refusal = endpoint.before(request)
        if system.is_coroutine(refusal):
            refusal = await refusal
    if refusal is not None:
        return None, refusal
    offered = members_of(request.head.fields, b"sec-websocket-protocol")
    return await accept(request, choose(endpoint.subprotocols, offered)), None


def refusal_of(request, origins):
    """The answer to a request that cannot become a WebSocket here, or None."""
    fields = request.head.fields
    if "websocket" not in (request.head.upgrade or "").replace(" ", "").split(","):
        return "this page is a WebSocket\n", 426, (("Upgrade", "websocket"), ("Connection", "Upgrade"))
    versions = values_of(fields, b"sec-websocket-version")
    if versions != [VERSION]:
        if not versions:
            return "400 Bad Request: Sec-WebSocket-Version is missing\n", 400
        return "this WebSocket speaks version 13\n", 426, (
            ("Sec-WebSocket-Version", "13"), ("Upgrade", "websocket"), ("Connection", "Upgrade"))
    keys = values_of(fields, b"sec-websocket-key")
    if len(keys) != 1 or not is_key(keys[0]):
        return "400 Bad Request: Sec-WebSocket-Key is not 16 bytes in base64\n", 400
    if not is_welcome(values_of(fields, b"origin"), origins, request):
        return "403 Forbidden: a WebSocket for pages of another origin\n", 403
    return None


def is_welcome(given, origins, request):
    """Whether a page of this origin may ask (section 10.2); who sends no Origin is no browser, and may."""
    if not given or origins == "*":
        return True
    origin = given[0].lower()
    if len(given) > 1:
        return False
    if origins is not None:
        return origin in [known.lower().encode() for known in origins]
    host = (request.head.host or "").lower()
    # Behind a proxy that ends TLS for us, the page's own scheme is https all the same.
    schemes = ("https",) if request.connection.transport.channel.is_secure else ("https", "http")
    return any([origin == (scheme + "://" + _without_port(host, scheme)).encode() for scheme in schemes])


def _without_port(host, scheme):
    """The host as an Origin has it: without the port that is the scheme's own."""
    own = ":443" if scheme == "https" else ":80"
    return host[:-len(own)] if host.endswith(own) else host


def choose(ours, theirs):
    """The first subprotocol of ours that the client speaks, or None."""
    for name in ours:
        if name.encode() in theirs:
            return name
    return None


async def accept(request, subprotocol):
    """Answer 101 and take the connection over; the WebSocket."""
    connection = request.connection
    if hasattr(connection, "accept_websocket"):  # an ASGI server's
        return await connection.accept_websocket(request, subprotocol)
    server = connection.server
    complete(server.settings)
    lines = b"Sec-WebSocket-Accept: " + accept_of(values_of(request.head.fields, b"sec-websocket-key")[0])
    if subprotocol is not None:
        lines += b"\r\nSec-WebSocket-Protocol: " + subprotocol.encode()
    answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n%s%s\r\n\r\n" % (
        server.date_line, lines)
    if server.on_event is not None:
        server.tell("request", connection, request=request, answer=answer)
    # Made before it is promised: there may be no memory for it.
    socket = WebSocket(connection.transport, server.settings, True, subprotocol, connection.pending)
    socket.request = request
    socket.connection = connection
    connection.pending = b""
    try:
        await send_within(connection, answer)
        connection.is_last = True
        connection.websocket = socket
        connection.on_stop = socket.on_stop
        socket.begin()
    except BaseException:  # no memory, say; it is promised by now, and no answer of HTTP can be given any more
        connection.transport.close()
        raise
    return socket
