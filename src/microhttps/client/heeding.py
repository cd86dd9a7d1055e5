"""A request with a body, and the answer that may come before its end: who refuses it half-way answers and closes.

The reset that follows the close takes away what has not been read, and to send more is pointless. So what has come is
read before more is sent (RFC 9112 section 9.5); an answer from 300 on ends the sending, as curl does it from 400 on.
Layer 9.
"""

from ..connections.waiting import extended, wait
from ..errors import MicrohttpsError, NetworkError, PeerError
from ..port import system
from ..wire.http1 import LAST_CHUNK, NEED_DATA, encode_chunk

MAX_INTERIM = 16  # as in `link`
MOST = 64 * 1024  # of an answer whose connection cannot be waited for any more


class Heeding:
    """One request on its way over a link, whose `pending` is what has come of the answer."""

    def __init__(self, link, method, settings):
        self._link = link
        self._method = method
        self._settings = settings
        self._interim = 0
        self._has_answer = False  # the head of the final one has come

    async def send(self, head, body):
        """Send; whether all of it went. Raises NetworkError and DeadlineError where no answer came before."""
        transport = self._link.transport
        try:
            if isinstance(body, bytes):
                return await self._push(head + body, self._settings.min_rate)
            is_wanted = await self._push(head)
            async for piece in body:
                if isinstance(piece, str):
                    piece = piece.encode()
                # Looked at first: a piece that is taken at once would never see the answer.
                is_wanted = is_wanted and not self._is_refused() and await self._push(encode_chunk(piece))
                if not is_wanted:
                    return False
            return is_wanted and await self._push(LAST_CHUNK)
        except NetworkError:
            self._take_what_came()
            if not self._has_answer:
                transport.close()
                raise
            return False
        finally:
            transport.deadline = None

    async def _push(self, data, min_rate=0):
        transport = self._link.transport
        channel = transport.channel
        timeout = self._settings.send_timeout
        left = memoryview(data)
        started = system.now()
        sent = 0
        transport.set_deadline(timeout, "send_timeout")
        _ = self._link.session.tls  # what the handshake agreed on cannot be asked for behind a reset
        while True:
            count = channel.send(left[sent:])
            sent += count
            if sent == len(left):
                return True
            if count:
                transport.deadline = extended(started, timeout, sent, min_rate)
            else:
                await wait(transport, channel.wants)
            if self._is_refused():
                return False

    def _is_refused(self):
        """Take in what has come; whether that is an answer that wants no more of the request."""
        if self._has_answer:
            return False  # a good one, of which more may have come: it is read behind the request
        data = self._link.transport.channel.receive()
        if not data:
            return False
        link = self._link
        link.has_answered = True
        link.pending += data
        while True:
            head = NEED_DATA
            if link.pending:
                head = system.take_response_head(link.pending, 0, self._settings, self._method)
            if head is NEED_DATA:
                return False
            if head.status >= 200 or head.status == 101:
                self._has_answer = True
                return not 200 <= head.status < 300
            self._interim += 1
            if self._interim > MAX_INTERIM:
                raise PeerError("too_many_interim", got=self._interim)
            link.pending = link.pending[head.end:]

    def _take_what_came(self):
        """What lies there though nothing can be sent any more: after a failed write Mbed TLS will not be read again."""
        link = self._link
        try:
            while not link.transport.is_closed and len(link.pending) < MOST:
                self._is_refused()
                data = link.transport.channel.receive() if self._has_answer else None
                if not data:
                    return
                link.pending += data
        except MicrohttpsError:
            pass  # the end of what came
