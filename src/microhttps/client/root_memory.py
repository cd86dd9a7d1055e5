"""Which of the public roots each host needed, in memory or a file: a hint, which can only spare a search. Layer 9."""

MAX_HOSTS = 16  # remembered; a board talks to few


class Memory:
    """The subjects (DER) of the roots that each host needed; kept in a file when there is one."""

    def __init__(self, path):
        self._path = path
        self._hosts = []  # [host, [subjects]], the latest last
        if path:
            from .root_file import read_hosts

            self._hosts = read_hosts(path)

    def recall(self, host):
        """The subjects remembered for a host, None when it is not known."""
        for known, subjects in self._hosts:
            if known == host:
                return subjects
        return None

    def keep(self, host, subjects):
        """Remember; forgets the oldest host beyond MAX_HOSTS. A file that cannot be written is no fault."""
        hosts = [pair for pair in self._hosts if pair[0] != host][1 - MAX_HOSTS:]
        self._hosts = hosts + [[host, subjects]]
        if self._path:
            from .root_file import write_hosts

            write_hosts(self._path, self._hosts)

    def forget(self, host):
        """Forget a host, whose roots turned out to be others."""
        self._hosts = [pair for pair in self._hosts if pair[0] != host]
