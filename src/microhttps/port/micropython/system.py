"""MicroPython: sockets, waiting, time and tasks on its asyncio's own queue of waiting sockets.

A socket is tried first and only then waited for, and what is waited for is the raw socket: polling a TLS object spins
in steps of 1 ms (measured: 880 requests a second against 65 000). A watched socket has one small task that sleeps in
asyncio's IOQueue and calls back. What only a client needs, or only when something fails, is in the modules beside
this one and is loaded by its name. Knows no TLS and no HTTP. Layer 3.
"""

import asyncio
import gc
import socket
import sys
import time
from asyncio import core

from ...clock import BUILD_DATE

SIZE = 0  # the column of limits.py: a board
READ, WRITE = 1, 2
PLAIN, ASYNC, NEVER_WAITS, ASKED_FIRST, UNKNOWN = 0, 1, 2, 3, 4

now = time.ticks_ms
CancelledError = asyncio.CancelledError
spawn = asyncio.create_task
sleep = asyncio.sleep
collect = settle_memory = make_room = gc.collect  # before a handshake, too: what it needs should be in one piece

# name:module beside this one. One text, because a dictionary of these would keep four times as much.
_ELSEWHERE = (
    "PlainChannel:plain listen:listening network_error:faults report:faults resolve:dialling start_connect:dialling "
    "finish_connect:dialling is_inside:files finish:generators later:later seconds_between:moments call_soon:calls "
    "EitherWatcher:either inflate:inflating is_broken:faults within:moments take_over:blocking wait_for:blocking "
    "open_connection:blocking Pollable:blocking encrypt_blocks:ciphers stretch:ciphers run:running "
    "current_task:running"
)


def __getattr__(name):
    room = "wire.heads_by_split"  # take_request_head, take_response_head
    for entry in _ELSEWHERE.split():
        if entry.startswith(name + ":"):
            room = "port.micropython." + entry[len(name) + 1:]
    return getattr(__import__("microhttps." + room, None, None, (name,)), name)


def drop(*names):
    """Forget modules of this package that have done their work: a board gets their memory back."""
    for name in names:
        package, _, module = ("microhttps." + name).rpartition(".")
        if sys.modules.pop(package + "." + module, None):
            delattr(sys.modules[package], module)


def after(seconds):
    """The deadline that many seconds from now, for `is_past`."""
    return time.ticks_add(now(), int(seconds * 1000))


def is_past(deadline, moment):
    """Whether `moment` (from `now`) is at or behind the deadline."""
    return time.ticks_diff(moment, deadline) >= 0


def wall_clock():
    """Seconds since 1970; some boards count from 2000."""
    return int(time.time()) + (0 if time.gmtime(0)[0] == 1970 else 946684800)


def is_clock_set():
    """Whether the clock has ever been set: it is not older than this software."""
    return wall_clock() >= BUILD_DATE


def utc():
    """(year, month, day, hour, minute, second, day of the week from Monday) of now."""
    return time.gmtime()[:7]


class Watcher:
    """Calls back each time the raw socket is ready in the direction watched; never blocks."""

    is_live = True  # there is one event loop for all

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
            self._task = spawn(self._pump())

    def close(self):
        """Stop for good, just before the socket is closed; may be called twice."""
        try:
            self.watch(0)
        except MemoryError:
            pass  # even to cancel takes memory; the task ends by itself when the closed socket wakes it
        self._callback = None  # whose owner may be large: let it go before the task has ended

    def _pump(self):
        while self._direction:
            if self._direction == READ:
                yield core._io_queue.queue_read(self._raw)
            else:
                yield core._io_queue.queue_write(self._raw)
            self._is_calling = True
            try:
                self._callback()
            except MemoryError:
                collect()  # and once more: the socket is still ready
            finally:
                self._is_calling = False
        self._task = None


class Signal:
    """One task waits, anybody sets; setting before the wait is kept."""

    _is_set = False
    _task = None

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


def shut_down(raw):
    """False: these sockets cannot say that we send no more."""
    return False


def discard(raw):
    """Read and forget what has arrived, so that closing does not reset the answer away; False at the end."""
    try:
        return len(raw.recv(256)) > 0
    except MemoryError:
        return False
    except OSError as error:
        return error.args[0] == 11  # EAGAIN: nothing is there, and not the end


def port_of(listener, port):
    """The port asked for: these sockets cannot be asked."""
    return port


def accept(listener):
    """The next newcomer as (raw socket, (address, port)), or None; raises NetworkError when descriptors run out."""
    try:
        raw, address = listener.accept()
    except OSError as error:
        if error.args[0] in (11, 103):  # EAGAIN, ECONNABORTED
            return None
        raise __getattr__("network_error")(error)
    raw.setblocking(False)
    set_no_delay(raw)
    if not isinstance(address, tuple):  # the unix port gives the packed form
        address = socket.sockaddr(address)
        address = socket.inet_ntop(address[0], address[1]), address[2]
    return raw, address[:2]


def set_no_delay(raw):
    """Small answers leave at once (no Nagle); quietly nothing where the system has no such option."""
    try:
        raw.setsockopt(6, 1, 1)  # IPPROTO_TCP, TCP_NODELAY: the names are not everywhere
    except OSError:
        pass


async def _coroutine():
    pass


_COROUTINE_FUNCTION = type(_coroutine)
_COROUTINE = type(_coroutine())


def handler_kind(handler):
    """PLAIN or ASYNC, a callable's own, or UNKNOWN for a closure or method, which tells nothing: its answer does."""
    if isinstance(handler, _COROUTINE_FUNCTION):
        return ASYNC
    return PLAIN if isinstance(handler, type(drop)) else getattr(handler, "kind", UNKNOWN)


def is_coroutine(value):
    """Whether a handler's answer is still to be awaited."""
    return isinstance(value, _COROUTINE)


def stop_on_signals(callback):
    """Nothing: there are no signals here; Ctrl-C raises KeyboardInterrupt."""


def read_file(path):
    """The bytes of a file; raises OSError."""
    with open(path, "rb") as file:
        return file.read()
