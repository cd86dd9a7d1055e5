"""One request of an ASGI server in the place of a socket: messages in, messages out, with deadlines.

What the rest of the server asks of a transport and of its channel is here; the messages are those of ASGI's HTTP
specification 2.x. CPython only. Layer 9.
"""

from ..connections.waiting import extended
from ..errors import NetworkError, PeerError
from ..messages.body import Body
from ..port import system

# What the ASGI server itself says of the connection and of time.
THEIRS = (b"connection", b"date")
CLOSE = (b"connection", b"close")
VERSIONS = {0x0301: "TLSv1", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2", 0x0304: "TLSv1.3"}


class Outlet:
    """The transport of one scope, and its channel: `is_closed` says that the client has gone or shall be cut off."""

    is_established = True
    was_cut = False
    bytes_in = bytes_out = 0  # of bodies: heads are the ASGI server's
    is_closed = False
    has_begun = False  # the answer has
    has_lost_client = False  # while an answer was streamed
    body = None  # of the request, when it has one
    owner = None
    work = None  # the task that answers, when there is one
    on_closed = None  # what a WebSocket does then
    _is_complete = False
    _listener = None

    def __init__(self, scope, receive, send, settings):
        self.is_secure = scope.get("scheme") in ("https", "wss")
        self._scope = scope
        self._receive = receive
        self._send = send
        self._settings = settings

    @property
    def channel(self):
        """Itself."""
        return self

    def facts(self):
        """What is known of the TLS connection: what the server's `tls` extension tells, mostly nothing."""
        tls = (self._scope.get("extensions") or {}).get("tls") or {}
        suite, chain = tls.get("cipher_suite"), tls.get("client_cert_chain")
        certificate = None
        if chain:
            from ..credentials.files import unarmoured

            certificate = unarmoured(chain[0].encode(), b"CERTIFICATE-----")
        protocol = "h2" if self._scope["http_version"] == "2" else None
        return (VERSIONS.get(tls.get("tls_version")), None if suite is None else "0x%04x" % suite, protocol, None,
                certificate)

    async def receive(self, seconds):
        """The next message of the request; waits. Raises DeadlineError, and PeerError when the client is gone."""
        message = await system.within(seconds, self._receive(), "recv_timeout")
        if message["type"] == "http.disconnect":
            self.close()
            raise PeerError("body_cut_short")
        self.bytes_in += len(message.get("body", b""))
        return message

    async def hear(self):
        """The next message, however long it takes."""
        return await self._receive()

    async def pass_on(self, data, is_refusing):
        """Send a piece of the answer, the first with its head; raises NetworkError and DeadlineError."""
        messages = []
        if not self.has_begun:
            head, _, data = bytes(data).partition(b"\r\n\r\n")
            messages = self._beginning(head, len(data), is_refusing)
        if data:
            messages += self._part("body", body=bytes(data), more_body=not self._is_complete)
        await self.tell(messages, len(data))
        self.bytes_out += len(data)
        self.listen()

    def _beginning(self, head, count, is_refusing):
        status, _, lines = head.partition(b"\r\n")
        fields = [line.split(b": ", 1) for line in lines.split(b"\r\n") if line]
        theirs = THEIRS if self._scope["http_version"][:1] == "1" else THEIRS + (b"upgrade",)
        fields = [(name.lower(), value) for name, value in fields if name.lower() not in theirs]
        if is_refusing and theirs is THEIRS:
            fields.append(CLOSE)
        self._is_complete = count > 0 and (b"content-length", b"%d" % count) in fields
        self.has_begun = True
        return self._part("start", status=int(status[9:12]), headers=fields)

    def _part(self, part, **content):
        """The messages of a part of the answer: one, but for handshakes of servers that can only refuse them (403)."""
        if self._scope["type"] == "http":
            return [dict(content, type="http.response." + part)]
        if "websocket.http.response" in (self._scope.get("extensions") or {}):
            return [dict(content, type="websocket.http.response." + part)]
        return [{"type": "websocket.close"}] if part == "start" else []

    async def finish(self):
        """The answer is whole."""
        if self._listener is not None:
            self._listener.cancel()
        if not self._is_complete:
            self._is_complete = True
            await self.tell(self._part("body", body=b"", more_body=False), 0)

    async def tell(self, messages, count):
        """Send messages with so many bytes; waits. Raises NetworkError when the client has gone, and DeadlineError."""
        if self.is_closed:
            raise NetworkError("reset")
        settings = self._settings
        seconds = settings.send_timeout + (count / settings.min_rate if settings.min_rate else 0)
        try:
            await system.within(seconds, self._send_all(messages), "send_timeout")
        except OSError as error:  # so ASGI 2.4 tells that the client has gone; earlier servers say nothing
            self.close()
            raise NetworkError("reset", cause=error)

    async def _send_all(self, messages):
        for message in messages:
            await self._send(message)

    def let_go(self):
        """The request is over: hold nothing that holds this, so that no collector is needed."""
        self.owner = self.body = self.work = None

    def listen(self):
        """While an answer is streamed, hear when the client goes: its source may have nothing to say for hours."""
        is_streaming = self.has_begun and not self._is_complete and self.work is not None
        if is_streaming and self._listener is None and (self.body is None or self.body.is_complete()):
            self._listener = system.spawn(self._watch())

    async def _watch(self):
        while (await self.hear())["type"] != "http.disconnect":
            pass
        self._listener = None
        self.has_lost_client = True
        self.close()
        self.work.cancel()

    def close(self):
        """Send no more; an answer that is not whole is cut off by the server. May be called twice."""
        if self.is_closed:
            return
        self.is_closed = True
        if self._listener is not None:
            self._listener.cancel()
            self._listener = None
        if self.on_closed is not None:
            self.on_closed()


class MessageBody(Body):
    """A request's body as it comes in ASGI's messages, of which the `first` may have been received already."""

    __slots__ = ("_first", "_has_ended")

    def __init__(self, transport, framing, settings, must_continue, first=None):
        super().__init__(transport, framing, b"", settings, must_continue)
        self._first = first
        self._has_ended = False

    async def drain(self):
        """True: what is left of it is the ASGI server's affair, which has the connection."""
        return True

    async def _receive(self):
        if self._has_ended:
            self.framing.at_end_of_stream()
            return
        self.must_continue = False  # the ASGI server tells the client to go on
        message, self._first = self._first, None
        if message is None:
            settings = self.settings
            if self._started is None:
                self._started = system.now()
            deadline = extended(self._started, settings.recv_timeout, self._received, settings.min_rate)
            message = await self._transport.receive(deadline - system.now())
        self.pending = message.get("body", b"")
        self._received += len(self.pending)
        self._has_ended = not message.get("more_body", False)
