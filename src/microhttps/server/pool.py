"""Which connection may live: decides, closes nothing itself, and knows neither sockets nor HTTP.

A newcomer finds room, or takes the place of the least recently used idle connection, or waits. A handshake, a request
in progress or a WebSocket is never the victim, and who floods from one address evicts only its own. Layer 9.
"""

HANDSHAKING, SERVING, BUSY = 0, 1, 2  # the phases of a member's life

ADMIT = 0  # there is room
WAIT = 1  # nothing can go: leave the newcomer in the system's backlog
REFUSE = 2  # this address holds its share and none of it is idle


class Pool:
    """The open connections; a member has `peer_address`, `is_idle` and `last_used`."""

    purged = 0  # members that were closed for others; here, so that a board whose places suffice stores nothing

    def __init__(self, limit, limit_per_address, is_purging):
        self.members = set()
        self._counts = {}  # address: members; counting them at each newcomer would cost a busy server its speed
        self._limit = limit
        self._limit_per_address = limit_per_address
        self._is_purging = is_purging
        self.uses = 0  # counted up with each use of a member, which keeps the count as `last_used`

    def judge(self, address):
        """What to do with a newcomer: ADMIT, WAIT, REFUSE, or the member to close for it (and then admit it).

        Whose address is not known yet (None) may be told to wait, or has a chance.
        """
        if self._limit_per_address < self._limit and self._counts.get(address, 0) >= self._limit_per_address:
            return self.find_victim(address) or REFUSE
        if len(self.members) < self._limit:
            return ADMIT
        return self.find_victim() or WAIT

    def add(self, member):
        """Take a member in, as the most recently used."""
        self.members.add(member)
        address = member.peer_address[0]
        self._counts[address] = self._counts.get(address, 0) + 1
        self.uses += 1
        member.last_used = self.uses

    def remove(self, member):
        """Let a member go; may be called twice."""
        if member in self.members:
            self.members.remove(member)
            address = member.peer_address[0]
            left = self._counts[address] - 1
            if left:
                self._counts[address] = left
            else:
                del self._counts[address]

    def find_victim(self, address=None):
        """The least recently used idle member, of one address or (None) of all; None if there is none to be closed."""
        oldest = None
        for member in self.members:
            if self._is_purging and member.is_idle and (address is None or member.peer_address[0] == address) and (
                    oldest is None or member.last_used < oldest.last_used):
                oldest = member
        return oldest
