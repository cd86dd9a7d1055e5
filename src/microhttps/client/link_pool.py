"""The connections of a client: those at rest and those in use, how many there may be, and whose turn it is.

A request takes one at rest or opens another while there is room; else it waits for one (`link_waiting`, loaded then).
Each link in use is given back exactly once, by `release` or by `drop`. Layer 9.
"""


class LinkPool:
    """`idle` are links at rest, the longest idle first; `busy` those in use; `opening` the origins of those to come."""

    __slots__ = ("busy", "idle", "opening", "settings", "waiting")

    def __init__(self, settings):
        self.settings = settings
        self.idle = []
        self.busy = set()
        self.opening = []
        self.waiting = []  # [origin, Signal] of requests that wait, the longest waiting first

    def take(self, origin):
        """A link at rest that still stands, now in use, or None."""
        for link in reversed(self.idle):
            if link.origin == origin:
                self.idle.remove(link)
                if link.wake():
                    self.busy.add(link)
                    return link
                return self.take(origin)
        return None

    def has_room(self, origin):
        """Whether another connection to this origin may be opened; one at rest gives way for it."""
        settings = self.settings
        used = [link.origin for link in self.busy] + self.opening
        if used.count(origin) >= settings.max_connections_of_host or len(used) >= settings.max_connections:
            return False
        while self.idle and len(used) + len(self.idle) >= settings.max_connections:
            self.idle.pop(0).transport.close()
        return True

    def release(self, link):
        """A link that was settled rests for the next request, or is at its end."""
        self.busy.discard(link)
        if link.is_reusable:
            settings = self.settings
            self.idle = [other for other in self.idle if not other.transport.is_closed]
            while self.idle and len(self.idle) >= settings.max_idle_connections:
                self.idle.pop(0).transport.close()
            if settings.max_idle_connections < 1:
                link.end()
            else:
                self.idle.append(link)
                link.rest(settings.keep_alive_timeout)
        if self.waiting:
            self.wake()

    def drop(self, link):
        """Close a link whose answer nobody can or will read to its end."""
        self.busy.discard(link)
        link.transport.close()
        if self.waiting:
            self.wake()

    def wake(self):
        """There may be room: let the first go on for whom there is."""
        at_rest = [link.origin for link in self.idle]
        for waiter in self.waiting:
            if waiter[0] in at_rest or self.has_room(waiter[0]):
                self.waiting.remove(waiter)
                waiter[1].set()
                return

    def close(self):
        """Close what rests; may be called twice."""
        while self.idle:
            self.idle.pop().transport.close()
