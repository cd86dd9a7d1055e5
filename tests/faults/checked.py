"""The server that checks its certificate at the start. Runs on both interpreters."""

from .parts import make_checked_server as make_server

__all__ = ["make_server"]
