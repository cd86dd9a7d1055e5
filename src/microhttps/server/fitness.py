"""Whether a server can serve anybody with what it was given: looked at before it listens, and forgotten. Layer 9."""

from ..errors import UsageError

NUMBERS = ("backlog", "grace_for_silence", "identity_check_interval", "min_free_memory", "min_rate")
# With 0 of these nobody would be served. Of the others 0 is a choice: nothing, never, or at once.
SERVING = ("max_open_sockets", "max_sockets_per_address", "backlog", "handshake_timeout", "header_timeout",
           "recv_timeout", "send_timeout", "keep_alive_timeout")


def check_fitness(server):
    """Raise UsageError for an identity that is none, and for a number or a port that is none."""
    settings = server.settings
    if server.transport == "secure" and not hasattr(server.identity, "check"):
        if server.identity is None:
            raise UsageError("no_identity")
        raise UsageError("no_identity", got=type(server.identity).__name__)
    for name in dir(settings):
        if name[:4] == "max_" or name[-8:] == "_timeout" or name[:14] == "websocket_max_" or name in NUMBERS:
            _check_number(name, getattr(settings, name))
    for name, port in (("port", server.port), ("redirect_port", settings.redirect_port)):
        if port is not None and (type(port) is not int or not 0 <= port <= 65535):
            raise UsageError("bad_choice", setting=name, got=repr(port), expected="a number up to 65535")


def _check_number(name, value):
    is_number = type(value) in (int, float) and value >= 0
    if name in SERVING and (not is_number or not value):
        raise UsageError("bad_choice", setting=name, got=repr(value), expected="a number above 0")
    if not is_number:
        raise UsageError("bad_choice", setting=name, got=repr(value), expected="a number, 0 or more")
