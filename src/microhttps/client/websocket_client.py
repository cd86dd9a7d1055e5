"""How a WebSocket begins on a client (RFC 6455 section 4.1): asks, and believes only the one right answer. Layer 9."""

from ..connections.transport import Sweeper
from ..connections.waiting import send
from ..connections.websocket_wire import complete
from ..errors import PeerError, UsageError
from ..settings import tick_of
from ..websocket import WebSocket
from ..wire.grammar import TOKEN
from ..wire.headers import encode_fields
from ..wire.url import parse_url
from ..wire.websocket_key import VERSION, accept_of, members_of, new_key, values_of

SCHEMES = {"wss": "https", "ws": "ws"}  # "http" would be asked of a proxy itself, which a WebSocket passes by
OURS = ("host", "upgrade", "connection", "content-length", "transfer-encoding")  # and all that is sec-websocket-…


def websocket_url(text):
    """The Url of a WebSocket, with the scheme of the connection under it; raises UsageError("bad_url")."""
    url = parse_url(text, "wss")
    if url.scheme not in SCHEMES:
        raise UsageError("bad_url", "wss or ws expected", scheme=url.scheme)
    url.scheme = SCHEMES[url.scheme]
    return url


async def open_websocket(link, url, subprotocols, headers, client):
    """The WebSocket over a new connection; waits. Raises PeerError and NetworkError, and then the link is closed."""
    transport = link.transport
    settings = client.settings
    if isinstance(subprotocols, str):
        subprotocols = (subprotocols,)
    try:
        key = new_key()
        headers = list(headers.items() if hasattr(headers, "items") else headers)
        headers += _ours_beside(headers, url, client.cookies)
        await send(transport, encode_request(url, key, subprotocols, headers, settings), settings.send_timeout)
        head = await link.read_head("GET", True)
        subprotocol = judge(head, key, subprotocols)
    except BaseException:
        transport.close()
        raise
    complete(settings)
    # Its deadlines must be looked after when the client is closed, too.
    transport.swept.discard(transport)
    Sweeper(tick_of(settings)).watch(transport)
    socket = WebSocket(transport, settings, False, subprotocol, link.pending)
    socket.connection = link
    socket.begin()
    return socket


class _Opening:
    """What `client_auth` asks about a request."""

    def __init__(self, url):
        self.url = url


def _ours_beside(headers, url, cookies):
    """Cookies of this host, and the name and password of the URL, where the application has no such header."""
    names = [name.lower() for name, _ in headers]
    more = []
    value = cookies.header(url) if cookies and "cookie" not in names else None
    if value:
        more.append(("Cookie", value))
    if url.userinfo and "authorization" not in names:
        from ..client_auth import of_userinfo

        more.append(("Authorization", of_userinfo(url.userinfo).first(_Opening(url))))
    return more


def encode_request(url, key, subprotocols, headers, settings):
    """The bytes of the request; raises UsageError for a header that is not the caller's."""
    pairs = list(headers.items() if hasattr(headers, "items") else headers)
    names = [name.lower() for name, _ in pairs]
    for name in names:
        if name in OURS or name.startswith("sec-websocket-"):
            raise UsageError("bad_header_name", "this field follows from the handshake", name=name)
    lines = [("Host", url.authority), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
             ("Sec-WebSocket-Key", key.decode()), ("Sec-WebSocket-Version", VERSION.decode())]  # fmt: skip
    for name in subprotocols:
        if not name or name.encode().lstrip(TOKEN):
            raise UsageError("bad_header_value", "a subprotocol is a token (RFC 6455 section 4.1)", name=name)
    if subprotocols:
        lines.append(("Sec-WebSocket-Protocol", ", ".join(subprotocols)))
    if "user-agent" not in names:
        lines.append(("User-Agent", settings.user_agent))
    return ("GET %s HTTP/1.1\r\n" % url.target).encode() + encode_fields(lines + pairs) + b"\r\n"


def judge(head, key, subprotocols):
    """The subprotocol that was agreed on, or None; raises PeerError."""
    if head.status != 101:
        raise PeerError("websocket_refused", status=head.status, got=head.status)
    fields = head.fields
    upgrade = [name.lower() for name in members_of(fields, b"upgrade")]
    if upgrade != [b"websocket"] or b"upgrade" not in [name.lower() for name in members_of(fields, b"connection")]:
        raise _bad("an upgrade to websocket expected")
    if values_of(fields, b"sec-websocket-accept") != [accept_of(key)]:
        raise _bad("Sec-WebSocket-Accept does not answer our key")
    if values_of(fields, b"sec-websocket-extensions"):
        raise _bad("an extension that nobody had asked for")
    chosen = values_of(fields, b"sec-websocket-protocol")
    for name in subprotocols:
        if chosen == [name.encode()]:
            return name
    if chosen:
        raise _bad("a subprotocol that nobody had asked for")
    return None


def _bad(message):
    return PeerError("bad_websocket_handshake", message)
