"""CPython: many sockets watched for one event loop, with a callback each. Layer 3."""

import select
import weakref

READ, WRITE = 1, 2
MASKS = 0, 1, 4, 5  # by direction: select.EPOLLIN, select.EPOLLOUT, both


def poller_of(loop):
    """The poller of an event loop, made when first asked for."""
    poller = _pollers.get(loop)
    if poller is None:
        poller = _pollers[loop] = EpollPoller(loop) if hasattr(select, "epoll") else LoopPoller(loop)
    return poller


class EpollPoller:
    """All our sockets behind one descriptor that the loop watches.

    The loop's own way costs a SelectorKey, a Handle and a context switch for each event: 2 of the 15 us that a request
    took before, and 0.6 KB a connection.
    """

    __slots__ = ("_callbacks", "_epoll")

    def __init__(self, loop):
        self._epoll = select.epoll()
        self._callbacks = {}
        loop.add_reader(self._epoll.fileno(), self._dispatch)

    def change(self, number, before, direction, callback):
        """Watch a descriptor in another direction than before (0: not at all)."""
        if not direction:
            del self._callbacks[number]
            self._epoll.unregister(number)
            return
        mask = MASKS[direction]
        self._callbacks[number] = callback
        if before:
            self._epoll.modify(number, mask)
        else:
            self._epoll.register(number, mask)

    def forget(self, number, before):
        """A descriptor is about to be closed, which takes it out of the epoll."""
        del self._callbacks[number]

    def _dispatch(self):
        callbacks = self._callbacks
        for _ in range(4):  # a turn of the loop costs as much as half a request; other tasks wait no longer than this
            ready = self._epoll.poll(0, 64)
            for number, _ in ready:
                callback = callbacks.get(number)
                if callback is not None:  # an earlier one of this batch may have closed it
                    callback()
            if len(ready) < 8:
                return


class LoopPoller:
    """Where there is no epoll (macOS): the loop's own way."""

    __slots__ = ("_loop",)

    def __init__(self, loop):
        self._loop = loop

    def change(self, number, before, direction, callback):
        """Watch a descriptor in another direction than before (0: not at all)."""
        if before & READ:
            self._loop.remove_reader(number)
        if before & WRITE:
            self._loop.remove_writer(number)
        if direction & READ:
            self._loop.add_reader(number, callback)
        if direction & WRITE:
            self._loop.add_writer(number, callback)

    def forget(self, number, before):
        """A descriptor is about to be closed."""
        self.change(number, before, 0, None)


_pollers = weakref.WeakKeyDictionary()  # event loop: its poller
