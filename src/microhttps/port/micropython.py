"""MicroPython: sockets, waiting, time and tasks on its asyncio's own queue of waiting sockets.

A socket is tried first and only then waited for, and what is waited for is the raw socket: polling a TLS object spins
in steps of 1 ms (measured: 880 requests a second against 65 000). A watched socket has one small task that sleeps in
asyncio's IOQueue and calls back. Works on the unix, esp32 and rp2 ports, whose sockets differ in what they lack.
Knows no TLS and no HTTP. Layer 3.
"""

import asyncio
import errno
import gc
import socket
import time
from asyncio import core

from ..buffer import CAPACITY, read_stream
from ..errors import DeadlineError, NetworkError

SIZE = 0  # the column of limits.py: a board
READ, WRITE = 1, 2

PLAIN, ASYNC, NEVER_WAITS = 0, 1, 2

EPIPE = 32  # not in this interpreter's errno, and not in asyncio's
now = time.ticks_ms
CancelledError = asyncio.CancelledError
spawn = asyncio.create_task
run = asyncio.run
sleep = asyncio.sleep
collect = gc.collect


def after(seconds):
    """The deadline that many seconds from now, for `is_past`."""
    return time.ticks_add(now(), int(seconds * 1000))


def later(moment, seconds):
    """The deadline that many seconds after a moment (from `now`)."""
    return time.ticks_add(moment, int(seconds * 1000))


def is_past(deadline, moment):
    """Whether `moment` (from `now`) is at or behind the deadline."""
    return time.ticks_diff(moment, deadline) >= 0


def wall_clock():
    """Seconds since 1970; some boards count from 2000."""
    seconds = time.time()
    return seconds if time.gmtime(0)[0] == 1970 else seconds + 946684800


class Watcher:
    """Calls back each time the raw socket is ready in the direction watched; never blocks."""

    __slots__ = ("_callback", "_direction", "_is_calling", "_raw", "_task")

    def __init__(self, raw, callback):
        self._raw = raw
        self._callback = callback
        self._direction = 0
        self._is_calling = False
        self._task = None

    def watch(self, direction):
        """Watch READ, WRITE or 0 (nothing) until told otherwise; watching the same again costs nothing."""
        if direction == self._direction:
            return
        self._direction = direction
        if self._is_calling:
            return  # we are inside the task's own call: it looks at the direction when the call returns
        if self._task:
            self._task.cancel()
            self._task = None
        if direction:
            self._task = asyncio.create_task(self._pump())

    def _pump(self):
        while self._direction:
            if self._direction == READ:
                yield core._io_queue.queue_read(self._raw)
            else:
                yield core._io_queue.queue_write(self._raw)
            self._is_calling = True
            try:
                self._callback()
            finally:
                self._is_calling = False
        self._task = None

    def close(self):
        """Stop for good; call it before the socket is closed. May be called twice."""
        self.watch(0)


class Signal:
    """One task waits, anybody sets; setting before the wait is kept."""

    __slots__ = ("_is_set", "_task")

    def __init__(self):
        self._is_set = False
        self._task = None

    def set(self):
        """Wake the waiting task; may be called twice."""
        self._is_set = True
        if self._task:
            core._task_queue.push(self._task)
            self._task = None

    def remove(self, task):
        """Called by asyncio when the waiting task is cancelled."""
        self._task = None

    def wait(self):
        """Wait until set."""
        if not self._is_set:
            self._task = core.cur_task
            core.cur_task.data = self
            yield


class PlainChannel:
    """A raw socket with the verbs of a TLS channel: what `transport="insecure"` speaks through."""

    __slots__ = ("raw", "wants", "was_cut")
    capacity = CAPACITY
    is_secure = False
    is_established = True

    def __init__(self, raw):
        self.raw = raw
        self.wants = READ
        self.was_cut = False

    def handshake(self):
        """True: there is none."""
        return True

    def receive(self):
        """What has arrived: bytes, b"" at the end, or None when nothing is there yet (see `wants`)."""
        data, error = read_stream(self.raw)
        if error and not data:
            raise network_error(error)
        if data is None:
            self.wants = READ
        return data

    def send(self, data):
        """How many bytes the system took; 0 when it would block (see `wants`)."""
        try:
            count = self.raw.write(data)
        except OSError as error:
            raise network_error(error)
        if count is None:
            self.wants = WRITE
            return 0
        return count

    def close_notify(self):
        """Nothing: TCP's FIN is all the notice there is."""

    def close(self):
        """Close the raw socket; may be called twice."""
        self.raw.close()


def shut_down(raw):
    """False: these sockets cannot say that we send no more."""
    return False


def discard(raw):
    """Read and forget what has arrived, so that closing does not reset the answer away; False at the end."""
    return bool(read_stream(raw)[0])


def listen(host, port, backlog):
    """A listening non-blocking socket; raises NetworkError("port_in_use") and its like."""
    listener = None
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(backlog)
    except OSError as error:
        if listener:
            listener.close()
        raise listen_error(error, host, port)
    listener.setblocking(False)
    return listener


def port_of(listener, port):
    """The port asked for: these sockets cannot be asked."""
    return port


def accept(listener):
    """The next newcomer as (raw socket, (address, port)), or None; raises NetworkError when descriptors run out."""
    try:
        raw, address = listener.accept()
    except OSError as error:
        if error.args[0] in (errno.EAGAIN, errno.ECONNABORTED):
            return None
        raise network_error(error)
    raw.setblocking(False)
    set_no_delay(raw)
    if not isinstance(address, tuple):  # the unix port gives the packed form
        family, packed, port = socket.sockaddr(address)[:3]
        address = socket.inet_ntop(family, packed), port
    return raw, address[:2]


def set_no_delay(raw):
    """Small answers leave at once (no Nagle); quietly nothing where the system has no such option."""
    try:
        raw.setsockopt(6, 1, 1)  # IPPROTO_TCP, TCP_NODELAY: the names are not everywhere
    except OSError:
        pass


async def resolve(host, port):
    """The addresses of a host, most preferred first; blocks (MicroPython has no other). Raises NetworkError."""
    try:
        found = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
    except OSError as error:
        raise NetworkError("no_such_host", "no address for this host name", cause=error, host=host)
    return [(row[0], row[-1]) for row in found]


def start_connect(address):
    """A non-blocking socket that is on its way to an address from `resolve`."""
    raw = socket.socket(address[0], socket.SOCK_STREAM)
    raw.setblocking(False)
    set_no_delay(raw)
    try:
        raw.connect(address[1])
    except OSError as error:
        if error.args[0] != errno.EINPROGRESS:
            raw.close()
            raise network_error(error)
    return raw


def finish_connect(raw, address):
    """Raise the NetworkError of a connection that failed; call it once the socket is writable."""
    try:
        raw.connect(address[1])  # there is no getsockopt: asking again tells how it went
    except OSError as error:
        if error.args[0] not in (106, errno.EALREADY):  # EISCONN: it went well
            raise network_error(error)


def network_error(error):
    """A socket's OSError as a NetworkError; the original is kept in `cause`."""
    number = error.args[0]
    if number in (errno.ECONNRESET, EPIPE, errno.ECONNABORTED, errno.ENOTCONN, errno.EBADF):
        return NetworkError("reset", "the peer closed the connection without notice", cause=error)
    if number == errno.ECONNREFUSED:
        return NetworkError("refused", "nothing listens on that port", cause=error)
    if number == errno.ETIMEDOUT:
        return DeadlineError("deadline", "the peer did not answer in time", cause=error)
    if number in (23, 24):  # ENFILE, EMFILE; lwIP: ENFILE
        return NetworkError("out_of_descriptors", "this system has no more sockets", cause=error)
    return NetworkError("unreachable", "the network refused", cause=error, errno=number)


def listen_error(error, host, port):
    """The error of a listening socket: who holds the port, who may open it, which address is ours."""
    number = error.args[0]
    if number == errno.EADDRINUSE:
        return NetworkError("port_in_use", "another program listens on this port", cause=error, host=host, port=port)
    if number == errno.EACCES:
        return NetworkError("port_not_allowed", "ports below 1024 need a privilege", cause=error, host=host, port=port)
    return NetworkError("cannot_listen", "this address cannot be listened on", cause=error, host=host, port=port)


def report(error, message):
    """Hand an error that nobody waits for to the event loop's exception handler."""
    core.Loop.call_exception_handler({"message": message, "exception": error, "future": core.cur_task})


_COROUTINE_FUNCTION = type(resolve)
_COROUTINE = type(resolve("", 0))


def handler_kind(handler):
    """PLAIN or ASYNC; a closure or method tells nothing here and counts as PLAIN, its answer is looked at."""
    return ASYNC if isinstance(handler, _COROUTINE_FUNCTION) else PLAIN


def is_coroutine(value):
    """Whether a handler's answer is still to be awaited."""
    return isinstance(value, _COROUTINE)


def stop_on_signals(callback):
    """Nothing: there are no signals here; Ctrl-C raises KeyboardInterrupt."""


def read_file(path):
    """The bytes of a file; raises OSError."""
    with open(path, "rb") as file:
        return file.read()
