"""What a WebSocket does by itself: frames in and out, pings answered, deadlines, both ways to its end (RFC 6455).

It owns its transport and is called back by it. Frames are read while the handler does something else, so that a ping
is answered at once, up to `websocket_max_queue` messages; behind them TCP makes the peer wait. Every wait on the peer
has a deadline. What an application sees of it is `websocket`. Layer 5.
"""

from os import urandom

from ..errors import DeadlineError, MicrohttpsError, NetworkError, PeerError
from ..port import system
from ..wire.http1 import NEED_DATA
from ..wire.websocket_frames import (
    BINARY,
    CLOSE,
    GOING_AWAY,
    NO_CLOSE,
    NO_CODE,
    PING,
    PONG,
    TEXT,
    TOO_LARGE,
    FrameReader,
    encode_close,
)
from .frame_queue import FrameQueue
from .waiting import extended

TURNS = 64  # pieces read in one go, so that one peer in a hurry keeps nobody else waiting
RESTING, LISTENING, ASKING, SENDING, CLOSING, PARTING = 0, 1, 2, 3, 4, 5  # what the transport's deadline is for


class Wire:
    """One side of a WebSocket; its transport calls `on_ready`, `on_deadline` and `on_closed`."""

    connection = None  # the server's Connection, the client's Link
    _failure = None  # the error that ended it
    _receiver = None  # what the task in receive() waits for
    _has_closed = False  # our close frame is on its way
    _is_closed_by_peer = False
    _is_failing = False  # nothing more is read, and the connection ends behind our close frame
    _is_paused = False  # the queue is full
    _is_draining = False  # and our close frame has left
    _purpose = RESTING
    _wants = system.READ  # what reading waits for: TLS may have to write
    _closers = ()  # Signals of those in close()
    _pings = ()  # (payload, Signal) of those who wait for its pong

    def __init__(self, transport, settings, is_server, subprotocol, pending):
        self.subprotocol = subprotocol
        self._transport = transport
        self._settings = settings
        self._is_server = is_server
        self._reader = FrameReader(is_server, settings.websocket_max_message_length)
        self._reader.feed(pending)
        self._leaving = FrameQueue(transport.channel)
        self._queue = []  # messages for receive()
        self._queued = 0  # their length
        self._heard = self._started = system.now()

    def begin(self):
        """Take the transport over from whoever made the handshake, and read what has come."""
        transport = self._transport
        transport.watcher.watch(0)
        transport.watcher = system.EitherWatcher(transport.channel.raw, self.on_ready)
        transport.owner = self
        transport.deadline = None
        self.on_ready()

    def _put(self, opcode, payload):
        if not self._leaving.frames:
            self._started = system.now()
            self._leaving.sent = 0
        frame = self._leaving.add(opcode, payload, b"" if self._is_server else urandom(4), opcode in (PING, PONG))
        try:
            self._flush()
        except Exception as error:
            self._fail(error)
        return frame

    def begin_close(self, code, reason=""):
        """Say that we close, without waiting for the peer; what it still sends is not received any more."""
        if not self._has_closed and not self._transport.is_closed:
            self._has_closed = True
            if self._is_closed_by_peer:
                code, reason = self.close_code, ""  # the answer says the same, section 5.5.1
            self._put(CLOSE, b"" if code == NO_CODE else encode_close(code, reason))
            if self._is_paused:
                self.on_ready()

    def on_stop(self):
        """The server stops (called by it)."""
        self.begin_close(GOING_AWAY)

    def _closed(self):
        return PeerError("websocket_closed", cause=self._failure, close_code=self.close_code,
                         reason=self.close_reason or None)

    # Called by the transport

    def on_ready(self):
        """The socket is ready."""
        try:
            self._read()
            self._flush()
        except Exception as error:
            self._fail(error)

    def on_deadline(self):
        """The deadline has passed: who is silent is asked, and who stays silent is ended."""
        settings = self._settings
        purpose, self._purpose = self._purpose, RESTING
        if purpose == LISTENING:
            if system.is_past(system.later(self._heard, settings.websocket_ping_interval), system.now()):
                self._purpose = ASKING
                self._transport.set_deadline(settings.websocket_ping_timeout, "websocket_ping_timeout")
                self._put(PING, b"")
            else:
                self._arm()
            return
        if purpose == PARTING:
            self.begin_close(self.close_code)
            return
        self._fail(DeadlineError("deadline", setting=self._transport.deadline_name))

    def on_closed(self):
        """It has closed."""
        if self.close_code is None:
            self.close_code = NO_CLOSE
        self._reader = None
        self._wake()
        self._leaving.wake()
        for signal in self._closers:
            signal.set()
        for _, signal in self._pings:
            signal.set()
        if self.connection is not None:  # an ASGI server's has none
            self.connection.on_closed()

    # Within

    def _wake(self):
        if self._receiver is not None:
            self._receiver.set()

    def _may_read(self):
        if self._is_failing or self._transport.is_closed:
            return False
        settings = self._settings
        return self._has_closed or (len(self._queue) < settings.websocket_max_queue
                                    and self._queued < settings.websocket_max_message_length)

    def _read(self):
        """Take what has come, as long as there is room for it."""
        transport = self._transport
        channel = transport.channel
        turns = 0
        is_short = False  # nothing more is to be expected at once
        while self._may_read():
            self._is_paused = False
            taken = NEED_DATA if self._is_closed_by_peer else self._reader.take()
            if taken is not NEED_DATA:
                self._see(*taken)
                continue
            if is_short:
                self._wants = system.READ
                return
            data = channel.receive()
            if data is None:
                self._wants = channel.wants
                return
            if not data:
                self._end()
                return
            self._heard = system.now()
            if self._purpose == ASKING and not self._pings:
                self._purpose = RESTING
            if not self._is_closed_by_peer:  # else it is to be ignored, section 5.5.1
                self._reader.feed(data)
            is_short = len(data) < channel.capacity
            turns += 1
            if turns == TURNS and not is_short:
                self._is_paused = True
                system.spawn(self._go_on())
                return
        self._is_paused = not self._transport.is_closed and not self._is_failing

    async def _go_on(self):
        await system.sleep(0)
        if not self._transport.is_closed:
            self.on_ready()

    def _see(self, opcode, payload):
        if opcode == TEXT or opcode == BINARY:
            if not self._has_closed:
                self._queue.append(payload)
                self._queued += len(payload)
                self._wake()
        elif opcode == PING:
            if not self._has_closed:
                self._put(PONG, payload)
        elif opcode == PONG:
            self._see_pong(payload)
        else:
            self.close_code, self.close_reason = payload
            self._is_closed_by_peer = True
            # Who sends something and closes at once is answered first: our close frame may come later (section 5.5.1).
            if not self._queue:
                self.begin_close(self.close_code)
            self._wake()

    def _see_pong(self, payload):
        for number, (sent, _) in enumerate(self._pings):
            if sent == payload:  # those before it are answered with it, section 5.5.3
                for _, signal in self._pings[:number + 1]:
                    signal.set()
                self._pings = self._pings[number + 1:]
                self._purpose = RESTING
                return

    def _flush(self):
        """Send what goes, end what has come to its end, and watch for what is left."""
        transport = self._transport
        if transport.is_closed:
            return
        direction = 0 if self._is_paused or self._is_failing else self._wants
        wanted = self._leaving.flush()
        if wanted:
            direction |= wanted
        elif self._is_failing:
            self._drain()
            return
        elif self._is_server and self._has_closed and self._is_closed_by_peer:
            transport.close()  # the server first, section 7.1.1
            return
        self._arm()
        transport.watcher.watch(direction)

    def _drain(self):
        transport = self._transport
        transport.watcher.watch(0)
        transport.deadline = None
        if not self._is_draining:
            self._is_draining = True
            system.spawn(drain(transport))

    def _arm(self):
        """Set the deadline for what is waited for now."""
        transport = self._transport
        settings = self._settings
        purpose = self._purpose
        if self._has_closed:
            if purpose != CLOSING:
                self._purpose = CLOSING
                transport.set_deadline(settings.websocket_close_timeout, "websocket_close_timeout")
        elif self._is_closed_by_peer:
            if purpose != PARTING:
                self._purpose = PARTING
                # Half of it: the peer waits as long as we would, and nobody may be listening to it.
                transport.set_deadline(settings.websocket_close_timeout / 2, "websocket_close_timeout")
        elif self._leaving.frames:
            self._purpose = SENDING
            transport.deadline_name = "send_timeout"
            transport.deadline = extended(self._started, settings.send_timeout, self._leaving.sent, settings.min_rate)
        elif self._pings:
            if purpose != ASKING:
                self._purpose = ASKING
                transport.set_deadline(settings.websocket_ping_timeout, "websocket_ping_timeout")
        elif self._is_paused or settings.websocket_ping_interval is None:
            self._purpose = RESTING  # what the peer says cannot be heard now
            transport.deadline = None
        elif purpose != LISTENING and purpose != ASKING:
            self._purpose = LISTENING
            transport.deadline = system.later(self._heard, settings.websocket_ping_interval)

    def _end(self):
        """The stream has ended: well, behind the close frame of the peer."""
        if not self._is_closed_by_peer:
            self._tell(NetworkError("reset"))
        self._transport.close()

    def _fail(self, error):
        """End it over an error: with a close frame if the peer is to know (section 7.1.7)."""
        if isinstance(error, MemoryError):
            self._reader = None
            system.collect()
            error = PeerError("websocket_too_large", cause=error, close_code=TOO_LARGE)
        code = error.facts.get("close_code") if isinstance(error, PeerError) else None
        self._tell(error)
        if code is None or self._is_failing or self._has_closed:
            self._transport.close()
            return
        self._is_failing = True
        self.close_code = code
        self.begin_close(code)
        self._wake()

    def _tell(self, error):
        if self._failure is not None or self._transport.is_closed:
            return
        self._failure = error
        connection = self.connection
        if not self._is_server:
            if not isinstance(error, MicrohttpsError):
                system.report(error, "a WebSocket failed")
        elif isinstance(error, MicrohttpsError):
            connection.server.tell("connection_lost", connection, error=error)
        else:
            connection.server.report(error, "a WebSocket failed")


async def drain(transport):
    """Let a peer that is still sending come to rest, a second at most, and close.

    Closing over unread bytes is a reset, which may take our close frame away; not every system can half-close.
    """
    quiet = turns = 0
    while quiet < 2 and turns < 20 and not transport.is_closed:
        quiet = 0 if _discard(transport.channel) else quiet + 1
        turns += 1
        if quiet < 2:
            await system.sleep(0.05)
    transport.finish()


def _discard(channel):
    """Read and forget what has come; whether there was something, and may be more."""
    count = 0
    try:
        while count < TURNS and channel.receive():
            count += 1
    except MicrohttpsError:
        return False
    return count > 0


def complete(settings):
    """Give settings those of a WebSocket that the application did not set."""
    if hasattr(settings, "has_websocket"):
        return
    from ..websocket_limits import WEBSOCKET

    for name in WEBSOCKET:
        if not hasattr(settings, name):
            setattr(settings, name, WEBSOCKET[name][system.SIZE])
    system.drop("websocket_limits")
    settings.has_websocket = True
