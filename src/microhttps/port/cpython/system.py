"""CPython: sockets, waiting, time and tasks on the asyncio loop's selector.

Waiting is a callback when the raw socket is ready, with no asyncio stream, Task or Future on the path of a request:
that is worth a factor of 1.6 (measured: 66 000 against 41 000 requests a second). Knows no TLS and no HTTP. Layer 3.
"""

import asyncio
import gc
import signal
import socket
import sys
import time

from ...clock import BUILD_DATE
from ...errors import DeadlineError, UsageError
from ...wire.heads_by_expression import take_request_head, take_response_head
from .dialling import finish_connect, resolve, start_connect
from .faults import network_error
from .files import is_inside, read_file
from .halves import give
from .handlers import (
    ASKED_FIRST,
    ASYNC,
    NEVER_WAITS,
    PLAIN,
    UNKNOWN,
    finish,
    finish_at_once,
    handler_kind,
    is_coroutine,
)
from .inflating import inflate
from .listening import bind, listen, port_of
from .plain import PlainChannel
from .pollers import READ, WRITE, poller_of

SIZE = 1  # the column of limits.py: a computer

now = time.monotonic
wall_clock = time.time
sleep = asyncio.sleep
current_task = asyncio.current_task
CancelledError = asyncio.CancelledError


def __getattr__(name):
    if name in ("encrypt_blocks", "stretch"):
        from . import ciphers

        return getattr(ciphers, name)
    if name == "resident_memory":
        from .memory import resident_memory

        return resident_memory
    if name not in ("Pollable", "open_connection", "take_over", "wait_for"):
        raise AttributeError(name)
    from . import blocking

    return getattr(blocking, name)


def drop(*names):
    """Nothing: a computer keeps what it has loaded."""


def after(seconds):
    """The deadline that many seconds from now, for `is_past`."""
    return now() + seconds


def later(moment, seconds):
    """The deadline that many seconds after a moment (from `now`)."""
    return moment + seconds


def seconds_between(earlier, moment):
    """The seconds from one moment (from `now`) to a later one."""
    return moment - earlier


def is_past(deadline, moment):
    """Whether `moment` (from `now`) is at or behind the deadline."""
    return moment >= deadline


def is_clock_set():
    """Whether the clock has ever been set: it is not older than this software."""
    return wall_clock() >= BUILD_DATE


def utc():
    """(year, month, day, hour, minute, second, day of the week from Monday) of now."""
    return time.gmtime()[:7]


class Watcher:
    """Calls back each time the raw socket is ready in the direction watched; never blocks."""

    __slots__ = ("_callback", "_direction", "_number", "_poller")

    def __init__(self, raw, callback):
        self._poller = poller_of(asyncio.get_running_loop())
        self._number = raw.fileno()
        self._callback = callback
        self._direction = 0

    @property
    def is_live(self):
        """Whether the event loop that it was made in is the one that runs: another tells it nothing."""
        return self._poller is poller_of(asyncio.get_running_loop())

    def watch(self, direction):
        """Watch READ, WRITE or 0 (nothing) until told otherwise; watching the same again costs nothing."""
        if direction != self._direction:
            self._poller.change(self._number, self._direction, direction, self._callback)
            self._direction = direction

    def close(self):
        """Stop for good, just before the socket is closed; may be called twice."""
        if self._direction:
            self._poller.forget(self._number, self._direction)
            self._direction = 0
        self._callback = None  # whose owner holds us: let go, the two need no collector


EitherWatcher = Watcher  # which can watch READ | WRITE, too


class Signal:
    """One task waits, anybody sets; setting before the wait is kept."""

    __slots__ = ("_future",)

    def __init__(self):
        self._future = asyncio.get_running_loop().create_future()

    def set(self):
        """Wake the waiting task; may be called twice."""
        if not self._future.done():
            self._future.set_result(None)

    async def wait(self):
        """Wait until set."""
        await self._future


def shut_down(raw):
    """Say that we send no more; True when the system can, so that what the peer still sends can be awaited."""
    try:
        raw.shutdown(socket.SHUT_WR)
    except OSError:
        return False
    return True


def discard(raw):
    """Read and forget what has arrived, so that closing does not reset the answer away; False at the end."""
    try:
        return len(raw.recv(64 * 1024)) > 0
    except (BlockingIOError, InterruptedError):
        return True
    except OSError:
        return False


def is_broken(raw):
    """Whether a socket whose peer sends no more was reset since: its end is all that a read tells."""
    return raw.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0


def accept(listener):
    """The next newcomer as (raw socket, (address, port)), or None; raises NetworkError when descriptors run out."""
    try:
        # What socket.accept calls; without its look-ups of enums and names a connection takes 10 us less.
        number, address = listener._accept()
    except (BlockingIOError, InterruptedError, ConnectionAbortedError):
        return None
    except OSError as error:
        raise network_error(error)
    family = socket.AF_INET if len(address) == 2 else socket.AF_INET6
    raw = socket.socket(family, socket.SOCK_STREAM, 0, number)
    raw.setblocking(False)
    return raw, address[:2]


def spawn(coroutine):
    """A task for the coroutine; it begins at once where the interpreter can (3.12), else in the loop's next turn."""
    loop = asyncio.get_running_loop()
    if sys.version_info >= (3, 12):
        return asyncio.Task(coroutine, loop=loop, eager_start=True)
    return loop.create_task(coroutine)


async def within(seconds, awaitable, setting):
    """What the awaitable gives within so many seconds; else it is cancelled and DeadlineError raised (see `asgi`)."""
    try:
        if sys.version_info < (3, 11):
            return await asyncio.wait_for(awaitable, seconds)
        async with asyncio.timeout(seconds):
            return await awaitable
    except (TimeoutError, asyncio.TimeoutError) as error:
        raise DeadlineError("deadline", cause=error, setting=setting)


def report(error, message):
    """Hand an error that nobody waits for to the event loop's exception handler."""
    asyncio.get_running_loop().call_exception_handler({"message": message, "exception": error})


def run(coroutine):
    """Run to the end and give the result; blocks. Raises UsageError inside a running loop, where nothing may block."""
    if asyncio._get_running_loop() is None:
        return asyncio.run(coroutine)
    coroutine.close()
    raise UsageError("loop_is_running")


def stop_on_signals(callback):
    """Call back on SIGTERM and SIGINT; a loop that cannot (Windows, another thread) keeps Python's own way."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, callback)
        except (NotImplementedError, RuntimeError, ValueError):
            return


collect = gc.collect


def make_room():
    """Nothing: memory for one more connection is the system's affair here."""


def call_soon(task, function):
    """Have the loop of a task call a function in its next turn; from any thread. Raises RuntimeError when it ended."""
    task.get_loop().call_soon_threadsafe(function)


def settle_memory():
    """What is loaded by now stays: the collector need not walk it again (10 us of each new connection, measured)."""
    gc.collect()
    gc.freeze()


# The head parser that is fastest here, and what is of this module but written elsewhere.
__all__ = [
    "ASKED_FIRST", "ASYNC", "NEVER_WAITS", "PLAIN", "READ", "UNKNOWN", "WRITE", "PlainChannel", "bind", "finish",
    "finish_at_once", "finish_connect", "give", "handler_kind", "inflate", "is_coroutine", "is_inside", "listen",
    "port_of", "read_file", "resolve", "start_connect", "take_request_head", "take_response_head",
]  # fmt: skip
