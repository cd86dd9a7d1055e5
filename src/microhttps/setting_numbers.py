"""Whether the numbers among one side's settings can be: looked at once, and forgotten. Layer 4."""

from .errors import UsageError

# Beside whatever is named max_… or …_timeout.
NUMBERS = ("backlog", "grace_for_silence", "identity_check_interval", "min_free_memory", "min_rate")
# With 0 of these nobody could ask or be served. Of the others 0 is a choice: nothing, never, or at once.
CLIENT_NEEDS = ("connect_timeout", "handshake_timeout", "recv_timeout", "send_timeout", "max_connections",
                "max_connections_of_host")
SERVER_NEEDS = ("max_open_sockets", "max_sockets_per_address", "backlog", "handshake_timeout", "header_timeout",
                "recv_timeout", "send_timeout", "keep_alive_timeout")


def check_numbers(settings, needs):
    """Raise UsageError("bad_choice") for a setting that is no number, or 0 though its name is among the needs."""
    for name in dir(settings):
        if name[:4] == "max_" or name[-8:] == "_timeout" or name[:14] == "websocket_max_" or name in NUMBERS:
            value = getattr(settings, name)
            is_number = type(value) in (int, float) and value >= 0
            if name in needs and (not is_number or not value):
                raise UsageError("bad_choice", setting=name, got=repr(value), expected="a number above 0")
            if not is_number:
                raise UsageError("bad_choice", setting=name, got=repr(value), expected="a number, 0 or more")
