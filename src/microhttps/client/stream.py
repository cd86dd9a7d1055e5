"""The bare secure stream, for any protocol: `await connect(host, port)`, then read, write, close. Layer 9."""

from ..client_limits import CLIENT
from ..connections.session import Session
from ..connections.transport import Sweeper
from ..connections.waiting import attempt, receive, send
from ..engines import engine
from ..errors import NetworkError, PeerError
from ..settings import settle, tick_of
from ..trust import Trust
from .dial import dial

MAX_LINE = 8 * 1024


async def connect(host, port, trust=None, identity=None, transport="secure", **settings):
    """A Stream to this host, verified against `trust` (default: the public roots); waits.

    `transport="insecure"` is plain TCP, which `start_tls` may secure later. Raises NetworkError, DeadlineError,
    TrustError, ClockError, PeerError.
    """
    settings = settle(Settings(), CLIENT, settings)
    context = None
    if transport == "secure":
        trust = trust or Trust.public()
        context = settings.engine.client_context(trust, identity, settings)
    sweeper = Sweeper(tick_of(settings))
    transport = await dial(host, port, context, trust, settings, sweeper, proxy=settings.proxy)
    return Stream(transport, settings, (host, port))


class Settings:
    """The settings of one stream, as attributes."""

    engine = engine  # the module of its TLS library


class Stream:
    """Bytes both ways. Every wait ends after `recv_timeout` or `send_timeout` of silence with DeadlineError.

    A connection that breaks raises NetworkError, a TLS record that is none PeerError.
    """

    __slots__ = ("_buffer", "_has_ended", "_settings", "_transport", "session")

    def __init__(self, transport, settings, peer_address):
        self._transport = transport
        self._settings = settings
        self._buffer = b""
        self._has_ended = False
        self.session = Session(transport, peer_address)

    def available(self):
        """How many bytes can be read without waiting; takes in what has arrived. Raises NetworkError, PeerError."""
        if not self._buffer and not self._has_ended and not self._transport.is_closed:
            data = attempt(self._transport, self._transport.channel.receive)
            self._has_ended = data == b""
            self._buffer = data or b""
        return len(self._buffer)

    def at_eof(self):
        """Whether the peer has ended the stream, or we have, and everything was read; waits for nothing."""
        return not self.available() and (self._has_ended or self._transport.is_closed)

    @property
    def was_cut(self):
        """Whether the end came without TLS's notice: then somebody in between may have cut what was read."""
        return self._transport.channel.was_cut

    async def _receive(self):
        if self._has_ended:
            return b""
        self._transport.set_deadline(self._settings.recv_timeout, "recv_timeout")
        data = await receive(self._transport)
        self._transport.deadline = None
        self._has_ended = not data
        return data

    def _take(self, count):
        data = self._buffer[:count]
        self._buffer = self._buffer[count:]
        return data

    async def read(self, count=4096):
        """At least one byte and at most `count`, b"" at the end of the stream; waits.

        With -1 all until the end; raises PeerError("body_too_large") beyond `max_content_length`.
        """
        if not self._buffer:
            self._buffer = await self._receive()
        if count < 0:
            return await self._read_all()
        return self._take(count)

    async def _read_all(self):
        limit = self._settings.max_content_length
        pieces = []
        while self._buffer:
            pieces.append(self._take(len(self._buffer)))
            limit -= len(pieces[-1])
            if limit < 0:
                raise PeerError("body_too_large", limit=self._settings.max_content_length, setting="max_content_length")
            self._buffer = await self._receive()
        return b"".join(pieces)

    async def readexactly(self, count):
        """`count` bytes; waits. Raises NetworkError("reset") when the stream ends before."""
        pieces = [self._take(count)]
        missing = count - len(pieces[0])
        while missing:
            self._buffer = await self._receive()
            if not self._buffer:
                raise NetworkError("reset", "the stream ended early", expected=count, got=count - missing)
            pieces.append(self._take(missing))
            missing -= len(pieces[-1])
        return b"".join(pieces)

    async def readline(self):
        """A line with its newline, what is left at the end of the stream; waits. A line is at most 8 KB."""
        while b"\n" not in self._buffer and len(self._buffer) < MAX_LINE:
            data = await self._receive()
            if not data:
                return self._take(len(self._buffer))
            self._buffer += data
        at = self._buffer.find(b"\n") + 1
        return self._take(at or MAX_LINE)

    async def write(self, data):
        """Send all of it; waits. Whoever ends that early, by a deadline or a cancelled task, ends the stream."""
        try:
            await send(self._transport, data, self._settings.send_timeout)
        except BaseException:  # raised again: half a record is sent, and other bytes behind it would break TLS
            self._transport.close()
            raise

    async def start_tls(self, trust=None, identity=None, server_hostname=None, address=None):
        """Go on as TLS, when the peer has said that it will (STARTTLS); waits. A failure closes the stream.

        `server_hostname` is whom to expect when it is not the host that was connected to. For public roots on a board,
        `address` is a (host, port) where this host answers TLS at once, by which its root is found. Raises
        PeerError("data_before_tls") when more came in the clear than was read, UsageError, and what `connect` raises.
        """
        from .start_tls import secured

        read_ahead, self._buffer = self._buffer, b""
        host = server_hostname or self.session.peer_address[0]
        self._transport = await secured(self._transport, read_ahead, host, trust or Trust.public(), identity, address,
                                        self._settings)
        self.session = Session(self._transport, self.session.peer_address)

    async def close(self):
        """Close, waits for nobody; may be called twice."""
        self._transport.close()
