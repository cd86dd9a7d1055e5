"""One side's settings: its table of limits for this machine's size, and what an application changed. Layer 4."""

from .errors import UsageError
from .port import system


def settle(settings, table, changes, is_server=False):
    """Give an object the settings as attributes; raises UsageError("unknown_setting") for a name not in the table.

    Those of a server's TLS are in `choices`, a dictionary of what was named, or there is none.
    """
    for name in table:
        setattr(settings, name, table[name][system.SIZE])
    for name in changes:
        if name in table or name.startswith("websocket_") and _is_of_websocket(name):
            setattr(settings, name, changes[name])
        elif is_server:
            _choose(settings, name, changes[name])
        else:
            raise UsageError("unknown_setting", setting=name)
    return settings


def _is_of_websocket(name):
    from .websocket_limits import WEBSOCKET

    return name in WEBSOCKET


def _choose(settings, name, value):
    from .tls_limits import SERVER_TLS

    if name not in SERVER_TLS:
        raise UsageError("unknown_setting", setting=name)
    if settings.choices is None:
        settings.choices = {}
    settings.choices[name] = value


def tick_of(settings):
    """How often deadlines are to be looked at: fine enough for the shortest of them."""
    shortest = min([getattr(settings, name) for name in dir(settings) if name.endswith("_timeout")])
    return min(1.0, max(0.02, shortest / 4))
