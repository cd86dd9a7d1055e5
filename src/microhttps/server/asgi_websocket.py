"""A WebSocket of an ASGI server, as the same handlers have it: messages instead of frames.

Frames, pings and their deadlines are the ASGI server's; queues are bounded here as there. CPython only. Layer 9.
"""

from ..connections.websocket_wire import complete
from ..errors import MicrohttpsError, PeerError, Unsupported
from ..port import system
from ..websocket import WebSocket
from ..wire.websocket_frames import NO_CODE, NORMAL, TEXT, TOO_LARGE

# What a head has beside the scope, which is of a handshake that the ASGI server has judged already.
HANDSHAKE = (b"upgrade", b"connection", b"content-length", b"sec-websocket-key", b"sec-websocket-version",
             b"sec-websocket-protocol")
LINES = [b"connection: Upgrade", b"upgrade: websocket", b"sec-websocket-version: 13",
         b"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA=="]


def fields_of(scope):
    """The field lines of the handshake that this scope stands for."""
    lines = [b"%s: %s" % (name, value) for name, value in scope["headers"] if name not in HANDSHAKE] + LINES
    if scope.get("subprotocols"):
        lines.append(b"sec-websocket-protocol: " + ", ".join(scope["subprotocols"]).encode())
    return lines


async def accept(connection, request, subprotocol):
    """Accept it; the WebSocket."""
    server = connection.server
    complete(server.settings)
    if server.on_event is not None:
        server.tell("request", connection, request=request, answer=b"HTTP/1.1 101 ")
    await connection.transport.tell([{"type": "websocket.accept", "subprotocol": subprotocol}], 0)
    socket = connection.websocket = MessageSocket(connection, request, subprotocol)
    socket.begin()
    return socket


class MessageSocket(WebSocket):
    """A WebSocket whose messages an ASGI server sends and receives."""

    session = None

    def __init__(self, connection, request, subprotocol):
        # Not Wire's own: that one begins with a channel.
        self.request = request
        self.session = connection.session
        self.subprotocol = subprotocol
        self._transport = connection.transport
        self._transport.on_closed = self.on_closed
        self._settings = connection.server.settings
        self._queue = []
        self._queued = 0
        self._leaving = Outgoing()
        self._is_writing = False
        self._room = self._listener = None

    async def ping(self, payload=None):
        """Raises Unsupported: ASGI has no word for it, and the ASGI server pings by itself."""
        raise Unsupported("unsupported", "under an ASGI server a WebSocket cannot be pinged")

    def begin_close(self, code, reason=""):
        """Say that we close; behind that it is closed."""
        if not self._has_closed and not self._transport.is_closed:
            self._has_closed = True
            code = NORMAL if code == NO_CODE else code
            self._add({"type": "websocket.close", "code": code, "reason": reason}, 0)

    def _put(self, opcode, payload):
        content = {"text": payload.decode()} if opcode == TEXT else {"bytes": payload}
        return self._add(dict(content, type="websocket.send"), len(payload))

    def _add(self, message, size):
        waiting = self._leaving.add(message, size)
        if not self._is_writing:
            self._is_writing = True
            system.spawn(self._write())
        return waiting

    async def _write(self):
        """Send what waits, in order; ends when nothing does."""
        frames = self._leaving.frames
        try:
            while frames and not self._transport.is_closed:
                frames[0].has_begun = True
                if self._has_closed and len(frames) == 1:
                    # granian 2.8 sends no close frame while somebody waits for a message.
                    self._listener.cancel()
                    await system.sleep(0)
                await self._transport.tell([frames[0].message], frames[0].size)
                frame = self._leaving.take()
                if frame.message["type"] == "websocket.close":
                    self._see_end(frame.message)
        except MicrohttpsError as error:
            self._failure = error
            self._transport.close()
        self._is_writing = False

    # What comes

    def begin(self):
        """Take messages as they come, up to the queue's bounds, and hear when the peer goes."""
        self._listener = system.spawn(self._listen())

    async def _listen(self):
        try:
            while not self._transport.is_closed:
                while not self._may_read() and not self._transport.is_closed:
                    self._is_paused = True
                    self._room = system.Signal()
                    await self._room.wait()
                message = await self._transport.hear()
                if message["type"] == "websocket.disconnect":
                    self._see_end(message)
                elif not self._has_closed:
                    self._see_message(message.get("text"), message.get("bytes"))
        except MicrohttpsError as error:
            self._failure = error
            self._transport.close()

    def on_closed(self):
        """It has closed (called by the transport): nothing more is heard."""
        super().on_closed()
        self._listener.cancel()

    def on_ready(self):
        """There is room again."""
        self._is_paused = False
        self._room.set()

    def _see_message(self, text, data):
        size = len(text.encode() if text is not None else data)
        limit = self._settings.websocket_max_message_length
        if size > limit:
            self._is_failing = True
            self.close_code = TOO_LARGE
            self._failure = PeerError("websocket_too_large", limit=limit, close_code=TOO_LARGE)
            self.begin_close(TOO_LARGE)
        else:
            self._queue.append(data if text is None else text)
            self._queued += size
        self._wake()

    def _see_end(self, message):
        self._is_closed_by_peer = True
        if self.close_code is None:
            self.close_code = message.get("code") or NO_CODE
            self.close_reason = message.get("reason") or ""
        self._transport.close()


class Waiting:
    """A message on its way; `signal`, if somebody set one, is set when it has left or never will."""

    has_begun = is_sent = False
    signal = None

    def __init__(self, message, size):
        self.message = message
        self.size = size


class Outgoing:
    """The messages that wait, in order; `size` is the bytes of their payloads."""

    def __init__(self):
        self.frames = []
        self.size = 0

    def add(self, message, size):
        """Put a message at the end."""
        self.frames.append(Waiting(message, size))
        self.size += size
        return self.frames[-1]

    def take(self):
        """The first, which has left."""
        frame = self.frames.pop(0)
        self.size -= frame.size
        frame.is_sent = True
        if frame.signal is not None:
            frame.signal.set()
        return frame

    def withdraw(self, frame):
        """Take a message back if it has not begun: its task waits for it no more."""
        if frame in self.frames and not frame.has_begun:
            self.frames.remove(frame)
            self.size -= frame.size

    def wake(self):
        """Wake all who wait: nothing leaves any more."""
        for frame in self.frames:
            if frame.signal is not None:
                frame.signal.set()
