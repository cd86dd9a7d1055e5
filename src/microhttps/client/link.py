"""One connection of a client to one origin: sends a request, reads the answer, knows whether it can be used again.

Layer 9: imports the wire and transport; which connection to use, and what to ask, is `client`'s affair.
"""

from ..connections.waiting import receive, send, wait
from ..errors import NetworkError, PeerError
from ..port import system
from ..wire.http1 import NEED_DATA

MAX_INTERIM = 16  # 1xx answers before the final one (RFC 9110 section 15.2): more is a storm


class Link:
    """A connection that answers one request at a time; `origin` is what it is connected to."""

    __slots__ = ("_settings", "has_answered", "is_reusable", "left_at", "origin", "pending", "session", "transport",
                 "was_heard_out")

    def __init__(self, transport, origin, session, settings):
        self.transport = transport
        self.origin = origin
        self.session = session
        self.has_answered = False  # a byte of the answer to the present request has come
        self.is_reusable = False
        self.was_heard_out = True  # the present request was sent whole
        self.left_at = None  # when a stream was last read from; None while somebody reads the answer whole
        self.pending = b""
        self._settings = settings

    async def exchange(self, method, head, body):
        """Send a request; (response head, its Body) as soon as the head is there. Raises NetworkError, PeerError."""
        self.has_answered = self.is_reusable = False
        self.left_at = None
        self.was_heard_out = await self._send(method, head, body)
        response = await self.read_head(method)
        body = self._body_of(response, self.pending)
        self.pending = b""
        return response, body

    def _body_of(self, response, pending):
        """The body of this answer, of which `pending` is here already."""
        if response.body == "none":
            from ..messages.no_body import NoBody

            return NoBody(pending)
        limit = self._settings.max_body_length
        if len(pending) == response.content_length and len(pending) <= limit:
            from ..messages.no_body import WholeBody

            return WholeBody(pending)
        from ..messages.body import Body, framing_of

        return Body(self.transport, framing_of(response, limit), pending, self._settings)

    async def _send(self, method, head, body):
        """Send a request; whether all of it went, for an answer may come that makes the rest pointless."""
        if body == b"":
            await send(self.transport, head, self._settings.send_timeout)
            return True
        from .heeding import Heeding

        return await Heeding(self, method, self._settings).send(head, body)

    async def read_head(self, method, is_upgrade=False):
        """The head of the answer, behind interim ones, or with `is_upgrade` that of a 101; waits."""
        transport = self.transport
        transport.set_deadline(self._settings.recv_timeout, "recv_timeout")
        data = self.pending
        interim = 0
        if not data and not transport.channel.reads_ahead:
            await wait(transport, system.READ)  # hot: nothing can be there yet, and a look in vain costs 4 us
        while True:
            head = system.take_response_head(data, 0, self._settings, method) if data else NEED_DATA
            if head is NEED_DATA:
                more = await receive(transport)
                if not more:
                    raise NetworkError("reset", received=len(data))
                self.has_answered = True
                data += more
                continue
            data = data[head.end:]
            if head.status >= 200 or is_upgrade and head.status == 101:
                break
            if head.status == 101:
                raise PeerError("unexpected_upgrade")
            interim += 1
            if interim > MAX_INTERIM:
                raise PeerError("too_many_interim", got=interim)
        transport.deadline = None
        self.pending = data
        return head

    def settle(self, head, body):
        """The answer is read, or not wanted any more: decide whether another request may follow."""
        self.is_reusable = (head.keep_alive and self.was_heard_out and body.is_complete() and not body.pending
                            and not self.transport.is_closed)
        if not self.is_reusable:
            self.end()

    def end(self):
        """Close the connection, whose answer is not yet forgotten."""
        _ = self.session.tls  # what the handshake agreed on is asked for before the connection goes
        self.transport.close()

    def rest(self, seconds):
        """Wait for the next request at most that long; what the peer sends meanwhile, even its end, closes it."""
        transport = self.transport
        transport.owner = self
        transport.set_deadline(seconds, "keep_alive_timeout")
        transport.watcher.watch(system.READ)

    def wake(self):
        """Take it out of its rest; False when it cannot be used any more."""
        transport = self.transport
        if not transport.watcher.is_live:  # the event loop that it rested in is over
            transport.close()
        if not transport.is_closed:
            self.on_ready()
        transport.owner = None
        transport.deadline = None
        return not transport.is_closed

    def on_ready(self):
        """Something came while it rests (called by the transport)."""
        try:
            data = self.transport.channel.receive()  # None: a TLS ticket came, or nothing
        except (NetworkError, PeerError):
            data = b""
        if data is not None:
            self.transport.close()

    def on_deadline(self):
        """It has rested long enough (called by the transport)."""
        self.transport.close()

    def on_closed(self):
        """Nothing is to be done (called by the transport)."""
