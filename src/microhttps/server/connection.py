"""Serves one connection: handshake, heads in, answers out, in order; and how it ends.

Called back by the transport, it takes heads and answers plain handlers at once, with no task. What has to wait (a
body, an `async def` handler, an answer longer than the socket takes) goes on in one task, `exchange`, and meanwhile
nothing more is read: that is the back-pressure. `routes` decides who answers, `answer` what the bytes are. Layer 9.
"""

from ..connections.transport import Transport
from ..errors import PeerError
from ..messages.answer import encode_answer
from ..messages.request import Request
from ..port import system
from ..wire.http1 import NEED_DATA
from .pool import BUSY, HANDSHAKING, SERVING

take_request_head = system.take_request_head
ASYNC, NEVER_WAITS = system.ASYNC, system.NEVER_WAITS
ENOUGH = 16 * 1024  # answers to pipelined requests go out together up to this, and no more are made meanwhile
SIMPLE = (str, dict, bytes, list, tuple)  # results that are certainly not awaitable


class Connection:
    """One client of a Server; the pool sees `peer_address`, `is_idle` and `last_used`."""

    # What is usual stands in the class, so that a board stores only what differs; but not what every request reads,
    # which CPython finds faster in the instance.
    is_refusing = False  # and the peer may still be sending what nobody reads
    is_idle = False
    last_used = 0
    phase = HANDSHAKING
    task = None
    working = None  # the request whose `async def` handler is awaited
    has_ended = False  # the peer sends no more, and waits for its answer, or has gone
    asked = 0  # requests whose heads were taken; while it shakes hands, how often the client has spoken
    _session = None

    def __init__(self, server, channel, peer_address):
        self.server = server
        self.peer_address = peer_address
        self.opened = system.now()
        self.pending = b""
        self.is_last = False  # the connection ends behind the answer in progress
        self.transport = Transport(channel, self)

    @property
    def session(self):
        """The ServerSession of this connection, made when first asked for."""
        if self._session is None:
            from .server_session import ServerSession

            self._session = ServerSession(self)
        return self._session

    def on_ready(self):
        """The socket is ready (called by the transport)."""
        try:
            if self.phase == HANDSHAKING:
                self._shake_hands()
                if self.transport.is_closed:
                    return
            elif self.phase == BUSY:
                if self.transport.signal is not None:
                    self.transport.signal.set()
                else:
                    self.transport.watcher.watch(0)
            channel = self.transport.channel
            while self.phase == SERVING:
                data = channel.receive()
                if data is None:
                    self.transport.watcher.watch(channel.wants)
                    return
                if not data:  # the peer sends no more: what is not whole reaches no handler
                    self.transport.close()
                    return
                job, unsent = self.advance(self.pending + data if self.pending else data)
                if job or unsent:
                    self.begin_task(job, unsent)
                elif len(data) < channel.capacity or self.transport.is_closed:
                    return
        except Exception as error:
            self.fail(error)

    def _shake_hands(self):
        transport = self.transport
        pool = self.server.pool
        self.last_used = pool.uses = pool.uses + 1
        self.asked += 1
        system.make_room()  # small beside a key exchange; what waits next should not lie behind the rubbish of others
        if not transport.channel.handshake():
            transport.watcher.watch(transport.channel.wants)
            return
        self.phase = SERVING  # but not idle yet: who has just come is nobody's victim before he could ask
        self.asked = 0
        transport.deadline = self.server.idle_deadline
        transport.watcher.watch(system.READ)
        self.server.tell("session_open", self)

    def advance(self, data):
        """Answer what can be answered at once; (the job that needs a task or None, the bytes it must send first)."""
        server = self.server
        answers = unsent = b""
        job = None
        start = 0
        try:
            while not unsent:
                head = take_request_head(data, start, server.settings)
                if head is NEED_DATA:
                    break
                start = head.end
                answer = self._answer(head, data)
                if type(answer) is tuple:
                    job = answer
                    break
                answers = answers + answer if answers else answer
                if start == len(data) or self.is_last:
                    break
                if len(answers) > ENOUGH:
                    unsent = self._send_now(answers)
                    answers = b""
        except PeerError as error:
            from ..routing.misses import last_words

            self.is_last = self.is_refusing = True
            answer = last_words(self, error)
            if type(answer) is tuple:
                job = answer
            else:
                answers += answer
        if answers and not self.transport.is_closed:
            sent = self.transport.channel.send(answers)
            if sent < len(answers):
                unsent = memoryview(answers)[sent:]
        if job:
            self.pending = b"" if job[0].has_body else data[start:]
        elif not self.is_last:
            if start == len(data):
                self.pending = b""
                self.is_idle = True
                pool = server.pool
                self.last_used = pool.uses = pool.uses + 1
                self.transport.deadline = server.idle_deadline  # hot: of the last tick, spares a look at the clock
            else:
                self._keep(data, start)
        elif not unsent:
            self.close_behind(start < len(data))
        return job, unsent

    def _send_now(self, data):
        """Send without waiting; what the socket did not take."""
        if self.transport.is_closed:
            return b""
        sent = self.transport.channel.send(data)
        return b"" if sent == len(data) else memoryview(data)[sent:]

    def close_behind(self, has_more):
        """The last answer is sent: close, and linger only where the peer may have sent what was not read."""
        if has_more or self.is_refusing:
            self.transport.finish()
        else:
            self.transport.close()

    def _keep(self, data, start):
        """What is left over begins the next head, whose deadline starts with its first byte and is not renewed."""
        if start or not self.pending:
            self.is_idle = False
            self.transport.set_deadline(self.server.settings.header_timeout, "header_timeout")
        self.pending = data[start:]

    def _answer(self, head, data):
        """The bytes of the answer, or the job (request, handler, status, result, kind) of one that has to wait.

        With the kind None the result is encoded already, as `answer.encode_answer` gave it.
        """
        if not head.keep_alive:
            self.is_last = True
        self.asked += 1
        self.is_idle = False
        server = self.server
        handler, kind, params, status = server.routes.find(head.method, head.target)
        request = Request(head, params, self)
        if handler is None:
            from ..routing.misses import refuse

            return refuse(self, request, status, data)
        if request.has_body:
            request.await_body(data[head.end:])
            return request, handler, status, None, kind
        if kind == ASYNC:
            return request, handler, status, None, kind
        try:
            result = handler(request)
            if kind == NEVER_WAITS:
                result = system.finish_at_once(result)
            if type(result) in SIMPLE and server.on_event is None:
                answer, rest = encode_answer(result, status, head, self.is_last, server.date_line)
                return answer if rest is None else (request, None, status, (answer, rest), None)
        except Exception as error:
            from ..routing.misses import fault

            result, status = fault(request, error)
        return self.encode(request, result, status)

    def encode(self, request, result, status):
        """The bytes of a result; or the job of one that is still to be awaited, to be streamed, or refused."""
        if type(result) in SIMPLE or not system.is_coroutine(result):
            try:
                lines = self.server.date_line if status == 200 else _lines_of(request)
                answer, rest = encode_answer(result, status, request.head, self.is_last, lines)
            except Exception as error:
                from ..routing.misses import fault

                result, status = fault(request, error)
                return request, None, status, result, ASYNC
            if rest is None:
                if self.server.on_event is not None:
                    self.server.tell("request", self, request=request, answer=answer)
                return answer
            return request, None, status, (answer, rest), None
        return request, None, status, result, ASYNC

    def begin_task(self, job, unsent):
        from .exchange import work

        self.phase = BUSY
        self.is_idle = False
        self.transport.deadline = None
        self.task = system.spawn(work(self, job, unsent))

    def resume(self):
        """The task is done: go on by callback."""
        self.task = None
        self.phase = SERVING
        if not self.transport.is_closed:
            self.transport.watcher.watch(system.READ)
            self.on_ready()

    def fail(self, error):
        """End the connection over an error that no answer can tell any more; never raises."""
        try:
            from .endings import fail

            fail(self, error)
        except MemoryError:
            self.transport.close()
            self.server.tell_no_memory("session_error", self)

    def on_deadline(self):
        """The deadline has passed (called by the transport)."""
        from .endings import expire

        expire(self)

    def on_closed(self):
        """The connection has closed (called by the transport)."""
        self.is_idle = False
        server = self.server
        server.pool.remove(self)
        if server.newcomers is not None:
            server.newcomers.watch(system.READ)  # there is room now
        if self.phase != HANDSHAKING:
            server.tell("session_close", self)
        if self._session is not None:
            self._session.end()


def is_resting(connection):
    """Whether a handler is awaited that waits for something else than its client, whose body has come."""
    request = connection.working
    return request is not None and connection.transport.signal is None and not hasattr(connection, "on_stop") and (
        not request.has_body or request.body.is_complete())


def _lines_of(request):
    from ..routing.misses import lines_of

    return lines_of(request)
