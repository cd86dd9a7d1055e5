"""The one exception of the benchmarks: something outside is missing or failed, and the text says what to do."""


class Trouble(Exception):
    """A program is missing, a server did not start, or a load generator gave no figure."""
