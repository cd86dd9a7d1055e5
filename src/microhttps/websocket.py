"""A WebSocket as an application has it, in both roles: messages in, messages out, closing (RFC 6455).

How it begins is the affair of `websocket_server` and `websocket_client`, what it does by itself that of
`websocket_wire`.
Layer 8.
"""

from os import urandom

from .connections.websocket_wire import Wire
from .errors import PeerError, UsageError
from .port import system
from .wire.websocket_frames import BINARY, MAX_CONTROL, NORMAL, PING, TEXT, is_close_code


class WebSocket(Wire):
    """One WebSocket: iterate it for its messages (text is str, binary is bytes), `send`, `close`.

    `request` (the server's; None in a client), `session`, `subprotocol` (or None); `close_code` and `close_reason`:
    what the peer closed with, or what we failed it with; 1006 if it went without a word, None while it is open.
    """

    # Here and not in Wire: these names an application knows.
    request = subprotocol = close_code = None
    close_reason = ""

    @property
    def session(self):
        """The Session of its connection."""
        return self.connection.session

    async def receive(self):
        """The next message, str or bytes; waits. Raises PeerError("websocket_closed") when no more come.

        One task at a time: another is refused with UsageError("already_receiving").
        """
        if self._receiver is not None:
            raise UsageError("already_receiving")
        while not self._queue:
            if self._is_closed_by_peer:
                self.begin_close(self.close_code)  # all that it said is heard
            if self._transport.is_closed:
                raise self._closed()
            self._receiver = system.Signal()
            try:
                await self._receiver.wait()
            finally:
                self._receiver = None
        message = self._queue.pop(0)
        self._queued -= len(message)
        if self._is_paused:
            self.on_ready()
        return message

    def __aiter__(self):
        return self

    async def __anext__(self):
        try:
            return await self.receive()
        except PeerError:  # the end, whatever it was: `close_code` tells
            raise StopAsyncIteration

    async def send(self, message):
        """Send text (str) or bytes as one message; waits until it has left.

        Raises PeerError("websocket_closed"), and UsageError("bad_message") for anything else.
        """
        opcode, payload = _payload_of(message)
        await self._send(opcode, payload)

    def send_nowait(self, message):
        """Send without waiting: whether it was taken. It is not when the peer reads too slowly, or is gone.

        Takes a message whatever its size when none waits, then up to `websocket_max_outgoing` bytes.
        """
        opcode, payload = _payload_of(message)
        waiting = self._leaving.size
        if self._has_closed or self._transport.is_closed or waiting and (
                waiting + len(payload) > self._settings.websocket_max_outgoing):
            return False
        self._put(opcode, payload)
        return True

    async def ping(self, payload=None):
        """Ask the peer whether it is there; waits for its answer, at most `websocket_ping_timeout` seconds.

        A peer that does not answer loses the connection. Raises PeerError("websocket_closed"), and
        UsageError("bad_message") for a payload of more than 125 bytes.
        """
        payload = urandom(4) if payload is None else bytes(payload)
        if len(payload) > MAX_CONTROL:
            raise UsageError("bad_message", got=len(payload))
        ping = payload, system.Signal()
        self._pings += (ping,)
        try:
            await self._send(PING, payload)
            self._arm()
            await ping[1].wait()
        finally:
            is_answered = ping not in self._pings
            self._pings = tuple([other for other in self._pings if other != ping])
        if not is_answered:
            raise self._closed()

    async def _send(self, opcode, payload):
        if self._has_closed or self._transport.is_closed:
            raise self._closed()
        frame = self._put(opcode, payload)
        try:
            while not frame.is_sent and not self._transport.is_closed:
                frame.signal = system.Signal()
                await frame.signal.wait()
        finally:
            self._leaving.withdraw(frame)
        if not frame.is_sent:
            raise self._closed()

    async def close(self, code=NORMAL, reason=""):
        """Close, and wait until both sides have, at most `websocket_close_timeout` seconds; may be called twice.

        Raises UsageError("bad_close_code").
        """
        if not is_close_code(code):
            raise UsageError("bad_close_code", got=code)
        self.begin_close(code, reason)
        while not self._transport.is_closed:
            signal = system.Signal()
            self._closers += (signal,)
            await signal.wait()

    def abort(self):
        """End the connection at once, without a word."""
        self._transport.close()


def _payload_of(message):
    if isinstance(message, str):
        return TEXT, message.encode()
    if isinstance(message, bytes):
        return BINARY, message
    if isinstance(message, (bytearray, memoryview)):
        return BINARY, bytes(message)
    raise UsageError("bad_message", got=type(message).__name__)


def broadcast(sockets, message):
    """Send to many without waiting, and end those that do not keep up; how many were sent to."""
    count = 0
    for socket in list(sockets):
        if socket.send_nowait(message):
            count += 1
        else:
            socket.abort()
    return count
