"""A session of a server: who is there, for how long, doing what, and how much has passed. Layer 9.

Made when somebody asks, or when there is an `on_session`; a connection itself only counts. Once its connection has
closed it holds what was counted and no longer the connection.
"""

from ..connections.session import Session
from ..port import system
from .pool import BUSY, HANDSHAKING


class ServerSession(Session):
    """One client of a server: what Session has, and `age`, `idle`, `state`, `requests`."""

    __slots__ = ("_age", "_connection", "_requests")

    def __init__(self, connection):
        super().__init__(connection.transport, connection.peer_address)
        self._connection = connection
        self._age = 0

    @property
    def requests(self):
        """How many requests were taken from it, the one in progress included."""
        return self._requests if self._connection is None else self._connection.asked

    @property
    def age(self):
        """Seconds since it was let in (at its end: that it lasted); a 32-bit board begins anew after 12 days."""
        if self._connection is None:
            return self._age
        return system.seconds_between(self._connection.opened, system.now())

    @property
    def idle(self):
        """Seconds without a request, 0 while there is one; a second or two too many, for nobody looks at a clock."""
        if self.state != "idle":
            return 0
        deadline, now = self._transport.deadline, system.now()
        left = 0 if system.is_past(deadline, now) else system.seconds_between(now, deadline)
        return max(0, self._connection.server.settings.keep_alive_timeout - left)

    @property
    def state(self):
        """What it is doing: "handshake", "idle", "request", "websocket", "closing", or "closed".

        MicroPython's TLS cannot say when a handshake is over: there it lasts until the first byte of a request.
        """
        connection = self._connection
        if connection is None or not self.is_open:
            return "closed"
        if hasattr(connection, "websocket"):
            return "websocket"
        if connection.phase == HANDSHAKING:
            return "handshake_timeout"[:9]  # the word alone would keep the method of this name from being renamed
        if self._transport.owner is not connection:
            return "closing"  # its last answer is sent, and the peer may still be reading
        if connection.phase == BUSY or connection.pending or connection.asked and not connection.is_idle:
            return "request"
        return "idle"

    def close(self):
        """Close the connection, a WebSocket with 1001; may be called twice."""
        if hasattr(self._connection, "websocket"):
            self._connection.websocket.on_stop()
        else:
            super().close()

    def end(self):
        """The connection has closed: keep what was counted, and let go of it."""
        self._requests = self.requests
        try:
            self._age = self.age
        finally:
            self._connection = None  # even where there was no memory to tell the time
