"""Server-sent events (WHATWG HTML section 9.2): a stream that a browser's EventSource reads, and one source for many.

What waits for a client is bounded in number. A source that is awaited waits for its client; a broadcast waits for
nobody, and whoever is too slow for it is closed, or misses what is oldest. A client that has gone is seen at once where
the system tells, and else by the comment that is sent when there is nothing to say. Layer 8.
"""

from .connections.waiting import attempt, wait
from .errors import DeadlineError, NetworkError, UsageError
from .messages.response import Response
from .port import system

COMMENT = b":\n\n"
FULL = "503 Service Unavailable: too many listen already\n", 503, (("Retry-After", "10"),)
MOST_QUEUED = (8, 32)[system.SIZE]  # events that wait for one client
BEGIN_WITHIN = 2  # seconds from a full queue until the handler has returned the stream, or it never will
HEADERS = (("Cache-Control", "no-store"), ("X-Accel-Buffering", "no"))  # the second: nginx passes events on at once


class EventStream(Response):
    """`return EventStream(source)`: events until the source ends or the client goes.

    A source is a function `async def feed(stream)` that calls `await stream.send(…)`, or an (async) iterator of data
    and Events; without one, whoever holds the stream sends. `keep_alive`: seconds of silence before a comment (or 0).
    `max_queued`: events that wait for a slow client before `send` waits and `offer` answers False.
    """

    last_event_id = None  # what the client says it has seen last, known when the stream begins
    _connection = None
    _task = None
    _error = None
    _signal = None
    _has_ended = False
    _listens = True

    def __init__(self, source=None, keep_alive=15, max_queued=MOST_QUEUED, broadcast=None):
        super().__init__(None, 200, HEADERS, "text/event-stream")
        self.body = self
        self._source = source
        self._keep_alive = keep_alive
        self._max_queued = max_queued
        self._broadcast = broadcast
        self._queue = []
        self._senders = []

    async def send(self, data=None, event=None, id=None, retry=None):
        """Send an event; waits while the queue is full.

        Raises NetworkError("reset") when the client has gone, and UsageError("bad_event").
        """
        encoded = encode_event(data, event, id, retry)
        while not self._offer(encoded):
            if self._has_ended:
                raise NetworkError("reset")
            if self._connection is None:
                await self._wait_for_begin()
                continue
            signal = system.Signal()
            self._senders.append(signal)
            await signal.wait()

    async def _wait_for_begin(self):
        for _ in range(BEGIN_WITHIN * 20):
            await system.sleep(0.05)
            if self._connection is not None or self._has_ended:
                return
        raise UsageError("stream_not_begun", limit=self._max_queued)

    def offer(self, data=None, event=None, id=None, retry=None):
        """Send an event if that goes without waiting; whether it went. Raises UsageError("bad_event")."""
        return self._offer(encode_event(data, event, id, retry))

    def close(self):
        """End the stream behind what is queued; may be called twice. An EventSource connects anew."""
        self._has_ended = True
        self._wake()

    def _offer(self, encoded):
        if self._has_ended or len(self._queue) >= self._max_queued:
            return False
        self._queue.append(encoded)
        self._wake()
        return True

    def _wake(self):
        signal = self._signal
        if self._connection is not None and signal is None:
            signal = getattr(self._connection.transport, "signal", None)
        if signal is not None:
            signal.set()

    def attach(self, connection, request):
        """The answer begins (called by `exchange`)."""
        self._connection = connection
        self._request = request
        connection.on_stop = self.close
        self.last_event_id = request.headers.get("Last-Event-ID")
        self._queue.insert(0, COMMENT)  # so that the head leaves at once, and the client knows that it is connected
        if self._broadcast is not None:
            self._broadcast.join(self)
        if callable(self._source) or hasattr(self._source, "__anext__") or hasattr(self._source, "__aiter__"):
            self._task = system.spawn(self._pump(self._source))
            self._source = None
        elif self._source is None:
            pass
        elif not hasattr(self._source, "__next__"):
            self._source = iter(self._source)

    def detach(self):
        """The answer has ended, however (called by `exchange`): nothing of the stream goes on."""
        self._has_ended = True
        self.body = b""  # itself, until now
        if hasattr(self._connection, "on_stop"):
            del self._connection.on_stop
        if self._broadcast is not None:
            self._broadcast.leave(self)
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
        self._queue.clear()
        self._wake_senders()

    def _wake_senders(self):
        senders, self._senders = self._senders, []
        for signal in senders:
            signal.set()

    async def _pump(self, source):
        try:
            if callable(source):
                await source(self)
            else:
                await self._pass_on(source.__aiter__() if hasattr(source, "__aiter__") else source)
        except Exception as error:
            self._error = error
        self._task = None
        self.close()

    async def _pass_on(self, iterator):
        while True:
            try:
                item = await iterator.__anext__()
            except StopAsyncIteration:
                return
            await self.send(*_parts_of(item))

    def __aiter__(self):
        return self

    async def __anext__(self):
        """All that is queued, as one piece; waits, and sends a comment now and then."""
        while not self._queue:
            if self._has_ended:
                if self._error is not None:
                    raise self._error
                raise StopAsyncIteration
            if self._source is not None:
                self._take()
            else:
                await self._idle()
        piece = b"".join(self._queue)
        self._queue.clear()
        self._wake_senders()
        return piece

    def _take(self):
        try:
            self._queue.append(encode_event(*_parts_of(next(self._source))))
        except StopIteration:
            self._source = None
            self._has_ended = True

    async def _idle(self):
        """Wait until there is something to send, or the client has gone, or it is time for a comment."""
        transport = self._connection.transport
        try:
            if hasattr(transport, "watcher"):
                await self._wait(transport)
            else:  # of an ASGI server, which tells by itself when the client goes
                self._signal = system.Signal()
                await system.within(self._keep_alive or None, self._signal.wait(), "keep_alive")
        except DeadlineError:
            self._queue.append(COMMENT)
        finally:
            self._signal = None

    async def _wait(self, transport):
        if self._keep_alive:
            transport.set_deadline(self._keep_alive, "keep_alive")
        try:
            await wait(transport, system.READ if self._listens else 0)
        finally:
            transport.deadline = None
        data = attempt(transport, transport.channel.receive) if self._listens else None
        if data == b"":
            transport.close()
            raise NetworkError("reset")
        if data:
            # The next request, before this one is answered: it is kept, and no more is read until then.
            self._listens = False
            holder = self._request.body if self._request.has_body else self._connection
            holder.pending = bytes(holder.pending) + data


class Event:
    """One event of a source that wants to say more than data: `yield Event(data, event=…, id=…, retry=…)`."""

    __slots__ = ("data", "event", "id", "retry")

    def __init__(self, data=None, event=None, id=None, retry=None):
        self.data = data
        self.event = event
        self.id = id
        self.retry = retry


def _parts_of(item):
    return (item.data, item.event, item.id, item.retry) if isinstance(item, Event) else (item,)


class Broadcast:
    """Events for all who listen: `return news.stream()` in a handler, `news.send(…)` anywhere in the server's task.

    A client whose queue is full is closed, and its EventSource comes back; with `drop=True` it misses the oldest
    events instead. The last `history` events with an id are kept, for those who come back. Beyond `max_listeners` a
    client is answered 503: each holds a connection, and those who ask something need some, too.
    """

    def __init__(self, keep_alive=15, max_queued=MOST_QUEUED, drop=False, history=0,
                 max_listeners=None):
        self._keep_alive = keep_alive
        self._max_queued = max_queued
        self._drop = drop
        self._most = history
        self._max_listeners = max_listeners
        self._history = []
        self._streams = []

    def __len__(self):
        """How many listen."""
        return len(self._streams)

    def stream(self):
        """The answer for one more client: an EventStream, or 503."""
        if self._max_listeners is not None and len(self) >= self._max_listeners:
            return FULL
        return EventStream(None, self._keep_alive, self._max_queued, self)

    def send(self, data=None, event=None, id=None, retry=None):
        """Send an event to all; waits for nobody. Raises UsageError("bad_event")."""
        encoded = encode_event(data, event, id, retry)
        if id is not None and self._most:
            self._history.append((str(id), encoded))
            if len(self._history) > self._most:
                self._history.pop(0)
        for stream in list(self._streams):
            if not stream._offer(encoded):
                self._overtake(stream, encoded)

    def _overtake(self, stream, encoded):
        """A client too slow for us."""
        if self._drop and not stream._has_ended:
            stream._queue.pop(0)
            stream._queue.append(encoded)
        else:
            self.leave(stream)
            stream._connection.transport.close()

    def join(self, stream):
        """A stream begins (called by it): what it has missed is sent again, as far as it is kept."""
        self._streams.append(stream)
        ids = [id for id, _ in self._history]
        if stream.last_event_id is not None:
            first = ids.index(stream.last_event_id) + 1 if stream.last_event_id in ids else 0
            stream._queue.extend([encoded for _, encoded in self._history[first:]])

    def leave(self, stream):
        """A stream has ended (called by it)."""
        if stream in self._streams:
            self._streams.remove(stream)


def encode_event(data=None, event=None, id=None, retry=None):
    """The bytes of an event (HTML section 9.2.6); data that is no text is JSON. Raises UsageError("bad_event")."""
    text = ""
    if event is not None:
        text += "event: " + _in_one_line(event) + "\n"
    if id is not None:
        text += "id: " + _in_one_line(id) + "\n"
    if retry is not None:
        text += "retry: %d\n" % retry
    if data is not None:
        text += "".join(["data: " + line + "\n" for line in _text_of(data).split("\n")])
    if not text:
        raise UsageError("bad_event")
    return (text + "\n").encode()


def _in_one_line(value):
    value = str(value)
    if "\n" in value or "\r" in value or "\0" in value:
        raise UsageError("bad_event")
    return value


def _text_of(data):
    if isinstance(data, (bytes, bytearray)):
        data = bytes(data).decode()
    elif not isinstance(data, str):
        import json

        data = json.dumps(data)
    return data.replace("\r\n", "\n").replace("\r", "\n")
