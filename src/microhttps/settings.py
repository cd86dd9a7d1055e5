"""One side's settings: its table of limits for this machine's size, and what an application changed. Layer 4."""

from .errors import Unsupported, UsageError
from .port import system


def settle(settings, table, changes, is_server=False):
    """Give an object the settings as attributes; raises UsageError("unknown_setting") for a name not in the table.

    A client's numbers are looked at, too: UsageError("bad_choice").

    Beyond the tables every side has `engine`, the name of a TLS library (see `choose_engine`).
    Those of a server's TLS are in `choices`, a dictionary of what was named, or there is none.
    """
    for name in table:
        setattr(settings, name, table[name][system.SIZE])
    for name in changes:
        if name in table or name.startswith("websocket_") and _is_of_websocket(name):
            setattr(settings, name, changes[name])
        elif name == "engine":
            choose_engine(settings, changes[name], not is_server and changes.get("session_tickets"))
        elif is_server:
            _choose(settings, name, changes[name])
        else:
            raise UsageError("unknown_setting", setting=name)
    if changes and not is_server:  # a server's are looked at when it starts
        from .setting_numbers import CLIENT_NEEDS, check_numbers

        check_numbers(settings, CLIENT_NEEDS)
        system.drop("setting_numbers")
    return settings


def choose_engine(settings, name, wants_tickets=False):
    """Have this side speak TLS by the engine of that name; None: as before.

    Raises UsageError("unknown_engine"), Unsupported("engine_elsewhere", "engine_not_installed"), and Unsupported for a
    client that asked for tickets of an engine that keeps none.
    """
    if name is None:
        return
    from .engines.choosing import check_engine

    check_engine(name)
    system.drop("engines.choosing")
    if system.SIZE:  # a board has the one that it has
        from .engines.finding import find_engine

        settings.engine = find_engine(name)
        if wants_tickets and "session_tickets" not in settings.engine.CAN:
            reason = settings.engine.REASONS["session_tickets"]
            raise Unsupported("unsupported", setting="session_tickets", reason=reason)


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
    """How often deadlines are to be looked at: fine enough for the shortest of them (0 is none)."""
    shortest = min([getattr(settings, name) or 60 for name in dir(settings) if name.endswith("_timeout")])
    return min(1.0, max(0.02, shortest / 4))
