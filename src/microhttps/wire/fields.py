"""Names with values of which one may come several times: of a query, of a form. No I/O. Layer 2: imports nothing."""


class Fields(dict):
    """A dictionary of name → the first value of that name; `get_all(name)` gives all of them, in order."""

    def __init__(self, pairs=()):
        super().__init__()
        self._more = []
        for name, value in pairs:
            self.add(name, value)

    def add(self, name, value):
        """One more value of this name."""
        if name in self:
            self._more.append((name, value))
        else:
            self[name] = value

    def get_all(self, name):
        """The values of this name, a list, maybe empty."""
        first = [self[name]] if name in self else []
        return first + [value for other, value in self._more if other == name]
