"""A tunnel through a proxy (CONNECT, RFC 9110 section 9.3.6), over which TLS then goes to the host itself. Layer 9."""

from binascii import b2a_base64

from ..connections.waiting import receive, send
from ..errors import NetworkError, PeerError, UsageError
from ..port import system
from ..wire.http1 import NEED_DATA
from ..wire.url import parse_url, percent_decode


def proxy_url(text):
    """The Url of a proxy; raises UsageError("bad_proxy") for another scheme than http."""
    url = parse_url(text, "http")
    if url.scheme != "http":
        raise UsageError("bad_proxy", scheme=url.scheme)
    return url


def credentials(url):
    """The Proxy-Authorization field for the name:password@ of a proxy's Url, as pairs; none without."""
    if not url.userinfo:
        return []
    return [("Proxy-Authorization", "Basic " + b2a_base64(percent_decode(url.userinfo).encode()).decode().strip())]


async def open_tunnel(connect, proxy, host, port, settings):
    """The raw socket of a tunnel to host and port; `connect(host, port)` gives a Transport to the proxy. Waits.

    Raises PeerError("proxy_refused") with what it `answered`, NetworkError, DeadlineError.
    """
    url = proxy_url(proxy)
    try:
        transport = await connect(url.host, url.port)
    except NetworkError as error:
        error.facts["proxy"] = url.authority
        raise
    try:
        await _ask(transport, url, "[%s]:%d" % (host, port) if ":" in host else "%s:%d" % (host, port), settings)
    except BaseException:
        transport.close()
        raise
    transport.release()
    return transport.channel.raw


async def _ask(transport, url, authority, settings):
    lines = ["CONNECT %s HTTP/1.1" % authority, "Host: " + authority]
    lines += [name + ": " + value for name, value in credentials(url)]
    await send(transport, ("\r\n".join(lines) + "\r\n\r\n").encode(), settings.send_timeout)
    transport.set_deadline(settings.connect_timeout, "connect_timeout")
    data = b""
    head = NEED_DATA
    while head is NEED_DATA:
        more = await receive(transport)
        if not more:
            raise NetworkError("reset", proxy=url.authority)
        data += more
        head = system.take_response_head(data, 0, settings, "CONNECT")
    if not 200 <= head.status < 300:
        raise PeerError("proxy_refused", answered=head.status, proxy=url.authority)
    if len(data) > head.end:
        raise PeerError("proxy_refused", "silence behind its answer expected", proxy=url.authority)
