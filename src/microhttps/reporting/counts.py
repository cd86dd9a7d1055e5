"""What has happened to a server since it was to be watched: connections, answers, failures, requests by the second.

It puts itself in the way of `Server.tell`, so that a server nobody watches counts nothing. Requests are not counted
one by one, for every connection counts its own; only the class of an answer is. Whatever a peer could make many of is
bounded. Layer 9.
"""

from ..errors import PeerError
from ..port import system
from ..server.pool import HANDSHAKING

MINUTE = 60
QUIET = 15  # seconds without a question for figures, after which what makes them is forgotten
MOST_FAILURES = (12, 64)[system.SIZE]  # kinds that are told apart; those beyond it count as one
# event: at what it failed
FAILURES = {"session_error": "handshake", "refused": "newcomer", "bad_request": "request", "connection_lost": "answer"}
OTHERS = ("", "others", None)


def unheard(name, facts):
    """What hears a server's events when the application does not: a fault goes where it would go without it."""
    if name == "fault":
        system.report(facts["error"], facts["message"])


class Counts:
    """`opened` (connections), `classes` (answers by the first digit of their status), `samples`, `own`, failures."""

    def __init__(self, server):
        self.server = server
        self.opened = 0
        self.classes = [0] * 6
        self.own = 0  # requests of the page itself for its figures, which are none of the application's
        self.renewals = 0  # of the server's certificate
        self.samples = []  # requests in each of the last seconds
        self._failures = {}  # (at what, code, detail): [count, address, moment]
        self._ended = 0  # requests of connections that have closed
        self._seen = 0  # requests at the last sample
        self._seconds = 0
        self._moment = system.now()
        self._visit = None  # the last one, as uptime
        self._told = server.tell
        server.tell = self.tell
        server.background(self._watch)

    def tell(self, name, connection, request=None, answer=None, **facts):
        """As Server.tell, in whose place it is."""
        server = self.server
        if answer is not None:  # hot: of a request
            self.classes[answer[9] - 48] += 1
            if server.on_event is not unheard:
                self._told(name, connection, request=request, answer=answer)
            return
        self._note(name, connection, facts)
        if server.on_event is not unheard or server.callback is not None:
            self._told(name, connection, **facts)

    @property
    def requests(self):
        """How many requests were taken."""
        pool = self.server.pool
        if pool is None:  # an ASGI server has the connections
            return sum(self.classes) - self.own
        live = [member.asked for member in pool.members if member.phase != HANDSHAKING]
        return self._ended + sum(live) - self.own

    @property
    def uptime(self):
        """Whole seconds since its start; counted here, for a board's clock of milliseconds begins anew."""
        return self._seconds + int(system.seconds_between(self._moment, system.now()))

    def visited(self):
        """Somebody asks for figures."""
        self._visit = self.uptime

    def failures(self):
        """[(at what, code, detail or None, count, address or None, seconds ago)], the latest first."""
        moment = self.uptime
        found = [kind + (count, address, moment - last) for kind, (count, address, last) in self._failures.items()]
        return sorted(found, key=lambda each: each[5])

    def _note(self, name, connection, facts):
        if name == "session_open":
            self.opened += 1
        elif name == "session_close":
            self._ended += connection.asked
        elif name == "identity_renewed":
            self.renewals += 1
        elif name in FAILURES:
            error = facts["error"]
            address = facts["address"] if connection is None and "address" in facts else None
            if connection is not None:
                address = connection.peer_address
            if name == "bad_request" and isinstance(error, PeerError):
                self.classes[error.status // 100] += 1
            self._fail(FAILURES[name], error, address and address[0])

    def _fail(self, what, error, address):
        facts = getattr(error, "facts", {})
        detail = facts.get("alert") or facts.get("setting") or facts.get("protocol")
        kind = what, getattr(error, "code", "fault"), detail
        if kind not in self._failures and len(self._failures) >= MOST_FAILURES:
            kind = OTHERS
        entry = self._failures.setdefault(kind, [0, None, 0])
        entry[0] += 1
        entry[1:] = address, self.uptime

    async def _watch(self):
        """Beside the server, for as long as it serves."""
        if self.server.on_event is None:
            self.server.on_event = unheard  # without one, nobody would be told of answers
        self._seconds = 0
        self._moment = system.now()
        while True:
            await system.sleep(1)
            elapsed = int(system.seconds_between(self._moment, system.now()))
            if elapsed:
                self._take(elapsed)
            if self._visit is not None and self.uptime - self._visit > QUIET:
                self._visit = None
                system.drop("reporting.figures")

    def _take(self, elapsed):
        """So many whole seconds have passed; where it is more than one, nobody saw which had how many requests."""
        self._seconds += elapsed
        self._moment = system.later(self._moment, elapsed)
        count = self.requests
        new, self._seen = count - self._seen, count
        samples = self.samples
        for left in range(min(elapsed, MINUTE), 0, -1):
            samples.append(new // left)
            new -= new // left
            if len(samples) > MINUTE:
                samples.pop(0)
