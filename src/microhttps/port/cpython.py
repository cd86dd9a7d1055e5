"""CPython: sockets, waiting, time and tasks on the asyncio loop's selector.

Waiting is a callback when the raw socket is ready, with no asyncio stream, Task or Future on the path of a request:
that is worth a factor of 1.6 (measured: 66 000 against 41 000 requests a second). Knows no TLS and no HTTP. Layer 3.
"""

import asyncio
import errno
import gc
import os
import signal
import socket
import sys
import time

from ..clock import BUILD_DATE
from ..errors import DeadlineError, NetworkError, UsageError
from ..wire.heads_by_expression import take_request_head, take_response_head
from .cpython_halves import give
from .cpython_handlers import (
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
from .cpython_inflating import inflate
from .cpython_listening import bind, listen, port_of, set_no_delay
from .cpython_pollers import poller_of

SIZE = 1  # the column of limits.py: a computer
READ, WRITE = 1, 2

now = time.monotonic
wall_clock = time.time
sleep = asyncio.sleep
CancelledError = asyncio.CancelledError


def __getattr__(name):
    if name in ("encrypt_blocks", "stretch"):
        from . import cpython_ciphers

        return getattr(cpython_ciphers, name)
    if name == "resident_memory":
        from .cpython_memory import resident_memory

        return resident_memory
    if name not in ("Pollable", "open_connection", "take_over", "wait_for"):
        raise AttributeError(name)
    from . import cpython_blocking

    return getattr(cpython_blocking, name)


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


class PlainChannel:
    """A raw socket with the verbs of a TLS channel: what `transport="insecure"` speaks through."""

    __slots__ = ("bytes_in", "bytes_out", "raw", "wants", "was_cut")
    capacity = 64 * 1024
    is_secure = False
    reads_ahead = False
    is_established = True

    def __init__(self, raw):
        self.raw = raw
        self.wants = READ
        self.was_cut = False
        self.bytes_in = self.bytes_out = 0

    def handshake(self):
        """True: there is none."""
        return True

    def receive(self):
        """What has arrived: bytes, b"" at the end, or None when nothing is there yet (see `wants`)."""
        try:
            data = self.raw.recv(self.capacity)
            self.bytes_in += len(data)
            return data
        except (BlockingIOError, InterruptedError):
            self.wants = READ
            return None
        except OSError as error:
            raise network_error(error)

    def send(self, data):
        """How many bytes the system took; 0 when it would block (see `wants`)."""
        try:
            count = self.raw.send(data)
            self.bytes_out += count
            return count
        except (BlockingIOError, InterruptedError):
            self.wants = WRITE
            return 0
        except OSError as error:
            raise network_error(error)

    def close_notify(self):
        """Nothing: TCP's FIN is all the notice there is."""

    def close(self):
        """Close the raw socket; may be called twice."""
        self.raw.close()


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


async def resolve(host, port):
    """The addresses of a host, most preferred first, without blocking the loop; raises NetworkError("no_such_host")."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NetworkError("no_such_host", cause=error, host=host)
    return [(family, address) for family, _, _, _, address in found]


def start_connect(address):
    """A non-blocking socket that is on its way to an address from `resolve`."""
    family, where = address
    raw = socket.socket(family, socket.SOCK_STREAM)
    raw.setblocking(False)
    set_no_delay(raw)
    try:
        code = raw.connect_ex(where)
    except OSError as error:
        raw.close()
        raise network_error(error)
    if code not in (0, errno.EINPROGRESS, errno.EAGAIN):
        raw.close()
        raise network_error(OSError(code, ""))
    return raw


def finish_connect(raw, address):
    """Raise the NetworkError of a connection that failed; call it once the socket is writable."""
    code = raw.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise network_error(OSError(code, ""))


def network_error(error):
    """A socket's OSError as a NetworkError; the original is kept in `cause`."""
    number = error.errno
    if number in (errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED, errno.ENOTCONN, errno.EBADF):
        return NetworkError("reset", cause=error)
    if number == errno.ECONNREFUSED:
        return NetworkError("refused", cause=error)
    if number == errno.ETIMEDOUT:
        return DeadlineError("deadline", cause=error)
    if number in (errno.EMFILE, errno.ENFILE):
        return NetworkError("out_of_descriptors", cause=error)
    return NetworkError("unreachable", cause=error, errno=number)


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


def _has_links(path, start):
    """Whether a part of the path behind `start` is a link: a look at each is a tenth of what resolving them costs."""
    while start > 0:
        start = path.find("/", start) + 1
        if os.path.islink(path[:start - 1] if start else path):
            return True
    return False


def is_inside(path, folder):
    """Whether what a path below this folder leads to, links followed, is the folder or in it."""
    try:
        if os.sep == "/" and not _has_links(path, len(folder) + 1):
            return True
        path, folder = os.path.realpath(path), os.path.realpath(folder)
    except ValueError:  # not even a name in this file system
        return False
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def read_file(path):
    """The bytes of a file; raises OSError."""
    with open(path, "rb") as file:
        return file.read()


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
    "ASKED_FIRST", "ASYNC", "NEVER_WAITS", "PLAIN", "UNKNOWN", "bind", "finish", "finish_at_once", "give",
    "handler_kind", "inflate", "is_coroutine", "listen", "port_of", "take_request_head", "take_response_head",
]  # fmt: skip
