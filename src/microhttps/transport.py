"""One connection's bytes: attempt, want, wait, retry, with a deadline; plain or TLS alike.

It owns the raw socket and always closes it, for a failed handshake on a board would otherwise forget it. Nothing here
blocks: whoever can go on calls `channel` directly and only comes here to wait. There are two ways to wait: a server's
idle connection is called back (no task), a task awaits. Every wait has a deadline, looked after by one Sweeper for
many transports, so that a deadline costs an assignment. Knows no HTTP. Layer 4.
"""

from .errors import ClockError, DeadlineError, MicrohttpsError
from .limits import BUILD_DATE
from .port import system

READ, WRITE = system.READ, system.WRITE
LINGER = 1.0  # seconds in which a peer may read our last words before the socket goes; nginx: 5 s


class Transport:
    """A channel (plain or TLS), its readiness and its deadline; `on_ready` is called while no task waits."""

    __slots__ = ("_deadline_name", "_error", "_signal", "_watcher", "channel", "deadline", "is_closed", "is_lost",
                 "on_closed", "on_deadline", "on_ready")

    def __init__(self, channel, on_ready=None, on_deadline=None, on_closed=None):
        self.channel = channel
        self.on_ready = on_ready
        self.on_deadline = on_deadline
        self.on_closed = on_closed
        self.deadline = None
        self.is_closed = False
        self.is_lost = False  # a task met the peer's end or a reset
        self._deadline_name = None
        self._error = None
        self._signal = None
        self._watcher = system.Watcher(channel.raw, self._wake)

    def _wake(self):
        if self._signal is not None:
            self._signal.set()
        elif self.on_ready is not None:
            self.on_ready()
        else:
            self._watcher.watch(0)

    def watch(self, direction):
        """Ask to be called back when the raw socket is ready in this direction (0: not at all)."""
        if not self.is_closed:
            self._watcher.watch(direction)

    def set_deadline(self, seconds, name):
        """The Sweeper ends this connection that many seconds from now; `name` is the setting, for the error."""
        self.deadline = system.after(seconds)
        self._deadline_name = name

    def expire(self):
        """The deadline has passed: a waiting task gets DeadlineError, else `on_deadline` is called, else it closes."""
        self.deadline = None
        if self._signal is not None:
            self._error = DeadlineError("deadline", "the peer took too long", setting=self._deadline_name)
            self._signal.set()
        elif self.on_deadline is not None:
            self.on_deadline()
        else:
            self.close()

    def fail(self, error):
        """Let the waiting task (if any) meet this error instead of waiting on."""
        self._error = error
        if self._signal is not None:
            self._signal.set()

    async def wait(self, direction):
        """Wait until the raw socket is ready in this direction; raises DeadlineError or what `fail` was given."""
        if self._error is None:
            self._signal = system.Signal()
            self._watcher.watch(direction)
            try:
                await self._signal.wait()
            finally:
                self._signal = None
        error = self._error
        if error is not None:
            self._error = None
            raise error

    async def handshake(self):
        """Shake hands; raises TrustError, PeerError, NetworkError, ClockError, DeadlineError."""
        channel = self.channel
        try:
            while not channel.handshake():
                await self.wait(channel.wants)
        except MicrohttpsError as error:
            raise judge_clock(error)

    async def receive(self):
        """Bytes as soon as there are any, b"" at the end; waits."""
        channel = self.channel
        while True:
            data = channel.receive()
            if data is not None:
                return data
            await self.wait(channel.wants)

    async def send(self, data, min_rate=0, timeout=0):
        """Send all of it; waits. A `min_rate` (bytes a second) extends the deadline by what has been sent."""
        channel = self.channel
        sent = channel.send(data)
        if sent == len(data):
            return
        started = system.now()
        left = memoryview(data)[sent:]
        total = sent
        while left:
            sent = channel.send(left)
            if sent:
                total += sent
                left = left[sent:]
                if timeout:
                    self.deadline = extended(started, timeout, total, min_rate)
            else:
                await self.wait(channel.wants)

    def release(self):
        """Give the raw socket away: this transport neither watches nor closes it any more."""
        self.is_closed = True
        self._watcher.close()

    def close(self):
        """Close at once; may be called twice. A waiting task meets NetworkError when it next tries."""
        if self.is_closed:
            return
        self.is_closed = True
        self.deadline = None
        self._watcher.close()
        self.channel.close_notify()
        self.channel.close()
        if self.on_closed is not None:
            self.on_closed(self)

    def finish(self):
        """Close, but let the peer read what was sent: closing with unread bytes resets the connection (RFC 9112, 9.6)."""
        if self.is_closed:
            return
        self.channel.close_notify()
        if not system.discard(self.channel.raw) or not system.shut_down(self.channel.raw):
            self.close()
            return
        self.on_ready = self._linger
        self.on_deadline = self.close
        self.set_deadline(LINGER, "linger")
        self._watcher.watch(READ)

    def _linger(self):
        if not system.discard(self.channel.raw):
            self.close()


def extended(started, timeout, count, min_rate):
    """The deadline of a body of which `count` bytes came since `started`: silence is bounded, and so is dripping."""
    allowance = system.after(timeout)
    if min_rate:
        whole = system.later(started, timeout + count / min_rate)
        return whole if system.is_past(whole, allowance) else allowance
    return allowance


def judge_clock(error):
    """A certificate out of its dates, seen by a clock that was never set, says nothing of the certificate."""
    if error.code in ("expired", "not_yet_valid") and system.wall_clock() < BUILD_DATE:
        return ClockError("clock_not_set", "dates cannot be judged: this clock is older than this software",
                          cause=error.cause, clock=int(system.wall_clock()), host=error.facts.get("host"))
    return error


class Sweeper:
    """Looks every `tick` seconds for transports whose deadline has passed, and calls `on_tick`.

    Runs while there are transports, or with `on_tick` until it is stopped.
    """

    __slots__ = ("_on_tick", "_task", "_tick", "_transports")

    def __init__(self, tick, on_tick=None):
        self._transports = set()
        self._tick = tick
        self._on_tick = on_tick
        self._task = None

    def watch(self, transport):
        """Look after a transport until it is forgotten; needs a running loop."""
        self._transports.add(transport)
        self.start()

    def forget(self, transport):
        """Look after it no more; may be called twice."""
        self._transports.discard(transport)

    def start(self):
        """Begin, if it has not begun; needs a running loop."""
        if self._task is None:
            self._task = system.spawn(self._run())

    def stop(self):
        """End; may be called twice."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _run(self):
        while self._transports or self._on_tick:
            await system.sleep(self._tick)
            moment = system.now()
            for transport in list(self._transports):
                if transport.deadline is not None and system.is_past(transport.deadline, moment):
                    transport.expire()
            if self._on_tick:
                self._on_tick()
        self._task = None
