"""One connection's raw socket: its readiness, its deadline, its end; plain or TLS alike.

It owns the raw socket and always closes it, for a failed handshake on a board would otherwise forget it. Whoever can
go on calls `channel` directly and comes here only to wait, in one of two ways: a server's idle connection is called
back (no task), a task awaits (`waiting`). Deadlines of many transports are looked after by one Sweeper, so that
setting one costs an assignment. Knows no HTTP. Layer 5.
"""

from ..port import system


class Transport:
    """A channel (plain or TLS), its readiness and its deadline.

    The `owner`, if there is one, is called while no task waits: `on_ready()`, `on_deadline()` and, last,
    `on_closed()`. What is usual stands in the class: a board then stores only what differs.
    """

    deadline = None
    deadline_name = None  # the setting, for the error
    error = None  # what the task that waits next shall meet
    swept = None  # the transports it is swept with

    def __init__(self, channel, owner=None):
        self.channel = channel
        self.owner = owner
        self.is_closed = False
        self.signal = None  # of the task that waits
        # Hot: an owner from the beginning is called without a stop here, and looks after a waiting task itself.
        self.watcher = system.Watcher(channel.raw, self._wake if owner is None else owner.on_ready)

    def _wake(self):
        if self.signal is not None:
            self.signal.set()
        elif self.owner is not None:
            self.owner.on_ready()
        else:
            self.watcher.watch(0)

    def set_deadline(self, seconds, name):
        """The Sweeper ends this connection that many seconds from now; `name` is the setting, for the error."""
        self.deadline = system.after(seconds)
        self.deadline_name = name

    def expire(self):
        """The deadline has passed: a waiting task gets DeadlineError, else the owner is called, else it closes."""
        self.deadline = None
        if self.signal is not None:
            from ..errors import DeadlineError

            self.error = DeadlineError("deadline", setting=self.deadline_name)
            self.signal.set()
        elif self.owner is not None:
            self.owner.on_deadline()
        else:
            self.close()

    def release(self):
        """Watch the socket no more, and let it be: it is somebody else's now."""
        self.watcher.watch(0)
        self._end()

    def _end(self):
        self.is_closed = True
        if self.swept is not None:
            self.swept.discard(self)

    def close(self):
        """Close at once; may be called twice. A task that waits meets NetworkError."""
        if self.is_closed:
            return
        self._end()
        self.watcher.close()
        self.channel.close_notify()
        self.channel.close()
        if self.signal is not None:
            from ..errors import NetworkError

            self.error = NetworkError("reset")
            self.signal.set()
        owner, self.owner = self.owner, None
        if owner is not None:
            owner.on_closed()

    def finish(self):
        """Close, but let the peer read what was sent: closing over unread bytes is a reset (RFC 9112 section 9.6)."""
        if self.is_closed:
            return
        self.channel.close_notify()
        if system.discard(self.channel.raw) and system.shut_down(self.channel.raw):
            from .lingering import Lingering

            Lingering(self)
        else:
            self.close()


def has_room(settings):
    """Whether so much of the heap as `min_free_memory` says is free in one piece: looked at before a handshake."""
    try:
        return bytearray(settings.min_free_memory) is not None
    except MemoryError:
        return False


class Sweeper:
    """Looks every `tick` seconds for transports whose deadline has passed, and calls `on_tick`.

    Runs while there are transports, or with `on_tick` until it is stopped.
    """

    __slots__ = ("_on_tick", "_tick", "_transports", "task")

    def __init__(self, tick, on_tick=None):
        self._transports = set()
        self._tick = tick
        self._on_tick = on_tick
        self.task = None

    def watch(self, transport):
        """Look after a transport until it is closed; needs a running loop."""
        transport.swept = self._transports
        self._transports.add(transport)
        self.start()

    def start(self):
        """Begin, if it has not begun; needs a running loop."""
        if self.task is None or self.task.done():  # with the event loop that it ran in
            self.task = system.spawn(self._run())

    def stop(self):
        """End; may be called twice."""
        if self.task is not None:
            self.task.cancel()
            self.task = None

    async def _run(self):
        while self._transports or self._on_tick:
            await system.sleep(self._tick)
            try:
                self._sweep(system.now())
                if self._on_tick:
                    self._on_tick()
            except MemoryError:  # the next tick tries again: nothing may stop the clock of all
                system.collect()
        self.task = None

    def _sweep(self, moment):
        due = [transport for transport in self._transports
               if transport.deadline is not None and system.is_past(transport.deadline, moment)]
        for transport in due:
            try:
                transport.expire()
            except Exception:  # no memory, most likely
                transport.close()
