"""Serves one connection: handshake, heads in, answers out, in order; and how it ends.

Called back by the transport, it takes heads and answers plain handlers at once, with no task. What has to wait (a
body, an `async def` handler, an answer longer than the socket takes) goes on in one task, `exchange`, and meanwhile
nothing more is read: that is the back-pressure. `routes` decides who answers, `response` what the bytes are. Layer 5.
"""

from .errors import DeadlineError, MicrohttpsError, PeerError
from .http1 import NEED_DATA, reason_of
from .port import system, take_request_head
from .request import Request
from .response import encode_answer
from .session import Session
from .transport import Transport

PLAIN_ANSWERS = (str, dict, bytes, list, tuple)
HANDSHAKING, SERVING, BUSY = 0, 1, 2


class BareHead:
    """What the encoder asks of a head, for a request whose own could not be read."""

    method = "GET"
    minor = 1


class Connection:
    """One client of a Server; the pool sees `address`, `is_idle` and `last_used`."""

    __slots__ = ("_phase", "_session", "_task", "address", "is_idle", "is_last", "last_used", "pending", "port",
                 "requests", "server", "transport")

    def __init__(self, server, channel, address):
        self.server = server
        self.address, self.port = address
        self.transport = Transport(channel, self._on_ready, self._on_deadline, self._on_closed)
        self.pending = b""
        self.is_last = False  # the connection ends behind the answer in progress
        self.is_idle = False
        self.last_used = 0
        self.requests = 0
        self._phase = HANDSHAKING
        self._session = None
        self._task = None

    @property
    def settings(self):
        """The server's Settings."""
        return self.server.settings

    @property
    def session(self):
        """The Session of this connection, made when first asked for."""
        if self._session is None:
            self._session = Session(self.transport, (self.address, self.port))
        return self._session

    def begin(self):
        """Start the handshake, with its deadline."""
        self.transport.set_deadline(self.server.settings.handshake_timeout, "handshake_timeout")
        self._on_ready()

    def end(self):
        """Close now when idle, else behind the answer in progress."""
        self.is_last = True
        if self.is_idle:
            self.transport.close()

    def abort(self):
        """Close now, whatever is in progress."""
        if self._task is not None:
            self._task.cancel()
        self.transport.close()

    def _on_ready(self):
        try:
            if self._phase == SERVING:
                self._read()
            elif self._phase == HANDSHAKING:
                self._shake_hands()
            else:
                self.transport.watch(0)
        except Exception as error:
            self.fail(error)

    def _shake_hands(self):
        transport = self.transport
        if not transport.channel.handshake():
            transport.watch(transport.channel.wants)
            return
        self._phase = SERVING
        self.server.tell_session(self, "open", None)
        self._rest()
        transport.watch(system.READ)
        self._read()

    def _rest(self):
        """Between requests: idle until the next head begins."""
        server = self.server
        pool = server.pool
        self.is_idle = True
        self.last_used = pool.uses = pool.uses + 1
        self.transport.deadline = server.idle_deadline  # hot: of the last tick, which spares a look at the clock

    def _read(self):
        channel = self.transport.channel
        while self._phase == SERVING:
            data = channel.receive()
            if data is None:
                self.transport.watch(channel.wants)
                return
            if not data:  # the peer sends no more: what is not whole reaches no handler
                self.transport.close()
                return
            is_all = len(data) < channel.capacity
            job, unsent = self.advance(self.pending + data if self.pending else data)
            if job or unsent:
                self._begin_task(job, unsent)
            elif is_all:
                return

    def advance(self, data):
        """Answer what can be answered at once; (the job that needs a task or None, the bytes it must send first)."""
        answers = []
        job = None
        start = 0
        try:
            while start < len(data) and not self.is_last:
                head = take_request_head(data, start, self.server.settings)
                if head is NEED_DATA:
                    break
                start = head.end
                answer = self._answer(head, data)
                if type(answer) is tuple:
                    job = answer
                    break
                answers.append(answer)
        except PeerError as error:
            self.is_last = True
            answers.append(self._encode_last_words(error))
        if job:
            self.pending = b"" if job[0].has_body else data[start:]
            return job, self._send_now(answers)
        unsent = self._send_now(answers)
        if not self.is_last:
            self._keep(data, start)
        elif not unsent:
            self.transport.finish()
        return None, unsent

    def _keep(self, data, start):
        """What is left over begins the next head, whose deadline starts with its first byte and is not renewed."""
        had_begun = self.pending and not start
        self.pending = data[start:]
        if not self.pending:
            self._rest()
        elif not had_begun:
            self.is_idle = False
            self.transport.set_deadline(self.server.settings.header_timeout, "header_timeout")

    def _send_now(self, answers):
        """Send without waiting; what the socket did not take."""
        if not answers:
            return b""
        data = answers[0] if len(answers) == 1 else b"".join(answers)
        sent = self.transport.channel.send(data)
        return b"" if sent == len(data) else memoryview(data)[sent:]

    def _answer(self, head, data):
        """The bytes of the answer, or the job (request, handler, status, result, kind) of one that has to wait."""
        self.requests += 1
        if not head.keep_alive:
            self.is_last = True
        handler, kind, params, status = self.server.routes.find(head.method, head.target)
        request = Request(head, params, self)
        if request.has_body:
            if handler is None:
                self.is_last = True  # nobody wants the body, and behind it no head could be found without reading it
            else:
                request.await_body(data[head.end:])
                return request, handler, status, None, kind
        if handler is None:
            return self._encode(request, self.miss(request, status), status)
        if kind == system.ASYNC:
            return request, handler, status, None, kind
        try:
            result = handler(request)
            if kind == system.NEVER_WAITS:
                result = system.finish_at_once(result)
        except Exception as error:
            result, status = self.fault(request, error)
        return self._encode(request, result, status)

    def _encode(self, request, result, status):
        if type(result) not in PLAIN_ANSWERS and system.is_coroutine(result):
            return request, None, status, result, system.ASYNC
        try:
            answer, rest = encode_answer(result, status, request.head, self.is_last, self.server.date_line)
        except MicrohttpsError as error:
            result, status = self.fault(request, error)
            return request, None, status, result, system.ASYNC
        if rest is not None:
            return request, None, status, result, system.ASYNC
        if self.server.on_event is not None:
            self.server.tell_request(request, answer)
        return answer

    def miss(self, request, status):
        """The answer for a status that no handler is registered for."""
        headers = (("Allow", request.params["allow"]),) if "allow" in request.params else ()
        return None if status == 204 else "%d %s\n" % (status, reason_of(status)), status, headers

    def fault(self, request, error):
        """(result, status) after a handler raised: a peer's error has its own status, any other is a 500."""
        if isinstance(error, PeerError):
            status = error.status
        elif isinstance(error, DeadlineError):
            status = 408
        else:
            status = 500
            self.server.report(error, "a handler failed")
        handler, _, _, _ = self.server.routes.of_error(status)
        if handler is not None:
            try:
                return handler(request), status
            except Exception as second:
                self.server.report(second, "an error handler failed")
        return self.miss(request, status), status

    def _encode_last_words(self, error):
        self.server.tell("bad_request", self, error=error)
        result = "%d %s: %s\n" % (error.status, reason_of(error.status), error)
        return encode_answer(result, error.status, BareHead, True, self.server.date_line)[0]

    def _begin_task(self, job, unsent):
        from .exchange import work

        self._phase = BUSY
        self.is_idle = False
        self.transport.deadline = None
        self._task = system.spawn(work(self, job, unsent))

    def resume(self):
        """The task is done: go on by callback."""
        self._task = None
        self._phase = SERVING
        if not self.transport.is_closed:
            self.transport.watch(system.READ)
            self._on_ready()

    def fail(self, error):
        """End the connection over an error that no answer can tell any more; never raises."""
        self._task = None
        if not isinstance(error, MicrohttpsError):
            self.server.report(error, "a connection failed")
        if self._phase == HANDSHAKING:
            self.server.tell_session(self, "error", error)
            self.transport.finish()
        else:
            self.server.tell("connection_lost", self, error=error)
            self.transport.close()

    def _on_deadline(self):
        if self._phase == HANDSHAKING:
            error = DeadlineError("deadline", "the handshake took too long", setting="handshake_timeout")
            self.server.tell_session(self, "error", error)
            self.transport.close()
        elif self.pending and self._phase == SERVING:
            error = PeerError("deadline", "the head did not come in time", status=408, setting="header_timeout")
            self._send_now([self._encode_last_words(error)])
            self.transport.finish()
        else:
            self.transport.close()

    def _on_closed(self, transport):
        self.is_idle = False
        self.server.forget(self, self._phase != HANDSHAKING)
