"""The bare secure stream, for any protocol: `await connect(host, port)`, then read, write, close. Layer 9."""

from .client_limits import CLIENT
from .dial import dial
from .engines import engine
from .errors import NetworkError
from .session import Session
from .settings import settle, tick_of
from .transport import Sweeper
from .trust import Trust
from .waiting import receive, send

MAX_LINE = 8 * 1024


async def connect(host, port, trust=None, identity=None, transport="secure", **settings):
    """A Stream to this host, verified against `trust` (default: the public roots); waits.

    `transport="insecure"` is plain TCP. Raises NetworkError, DeadlineError, TrustError, ClockError, PeerError.
    """
    settings = settle(Settings(), CLIENT, settings)
    context = None
    if transport == "secure":
        trust = trust or Trust.public()
        context = engine.client_context(trust, identity, settings)
    sweeper = Sweeper(tick_of(settings))
    transport = await dial(host, port, context, trust, settings, sweeper, proxy=settings.proxy)
    return Stream(transport, settings, (host, port))


class Settings:
    """The settings of one stream, as attributes."""


class Stream:
    """Bytes both ways. Every wait ends after `recv_timeout` or `send_timeout` of silence with DeadlineError."""

    __slots__ = ("_buffer", "_settings", "_transport", "session")

    def __init__(self, transport, settings, peer_address):
        self._transport = transport
        self._settings = settings
        self._buffer = b""
        self.session = Session(transport, peer_address)

    def available(self):
        """How many bytes can be read without waiting; takes in what has arrived."""
        if not self._buffer and not self._transport.is_closed:
            self._buffer = self._transport.channel.receive() or b""
        return len(self._buffer)

    async def _fill(self):
        self._transport.set_deadline(self._settings.recv_timeout, "recv_timeout")
        data = await receive(self._transport)
        self._transport.deadline = None
        self._buffer += data
        return len(data)

    def _take(self, count):
        data = self._buffer[:count]
        self._buffer = self._buffer[count:]
        return data

    async def read(self, count=4096):
        """At least one byte and at most `count`, b"" at the end of the stream; waits."""
        if not self._buffer:
            await self._fill()
        return self._take(count)

    async def readexactly(self, count):
        """`count` bytes; waits. Raises NetworkError("reset") when the stream ends before."""
        while len(self._buffer) < count:
            if not await self._fill():
                raise NetworkError("reset", "the stream ended early", expected=count, got=len(self._buffer))
        return self._take(count)

    async def readline(self):
        """A line with its newline, what is left at the end of the stream; waits. A line is at most 8 KB."""
        while b"\n" not in self._buffer and len(self._buffer) < MAX_LINE:
            if not await self._fill():
                return self._take(len(self._buffer))
        at = self._buffer.find(b"\n") + 1
        return self._take(at or MAX_LINE)

    async def write(self, data):
        """Send all of it; waits."""
        await send(self._transport, data, self._settings.send_timeout)

    async def close(self):
        """Close; may be called twice."""
        self._transport.close()
