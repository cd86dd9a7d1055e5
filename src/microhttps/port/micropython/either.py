"""MicroPython: a socket watched both ways at once, for which asyncio's queue wants two tasks. Layer 3."""

import select
from asyncio import core

from .system import Watcher, collect

_MASKS = 0, select.POLLIN, select.POLLOUT, select.POLLIN | select.POLLOUT


class Either:
    """An entry of asyncio's IOQueue whose one task waits for both directions, and is woken once."""

    def __init__(self, task, raw):
        self._task = task
        self._raw = raw

    def __getitem__(self, index):
        return self._raw if index == 2 else self._task

    def __setitem__(self, index, value):
        self._task = None

    def __iter__(self):
        return iter((self._task, self._task, self._raw))


class EitherWatcher(Watcher):
    """A Watcher that knows READ | WRITE, too."""

    def _pump(self):
        queue = core._io_queue
        while self._direction:
            task = core.cur_task
            queue.map[id(self._raw)] = Either(task, self._raw)
            queue.poller.register(self._raw, _MASKS[self._direction])
            task.data = queue
            yield
            self._is_calling = True
            try:
                self._callback()
            except MemoryError:
                collect()  # and once more: the socket is still ready
            finally:
                self._is_calling = False
        self._task = None
