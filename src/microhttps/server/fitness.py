"""Whether a server can serve anybody with what it was given: looked at before it listens, and forgotten. Layer 9."""

from ..errors import UsageError
from ..setting_numbers import SERVER_NEEDS, check_numbers


def check_fitness(server):
    """Raise UsageError for an identity that is none, and for a number or a port that is none."""
    settings = server.settings
    if server.transport == "secure" and not hasattr(server.identity, "check"):
        if server.identity is None:
            raise UsageError("no_identity")
        raise UsageError("no_identity", got=type(server.identity).__name__)
    check_numbers(settings, SERVER_NEEDS)
    for name, port in (("port", server.port), ("redirect_port", settings.redirect_port)):
        if port is not None and (type(port) is not int or not 0 <= port <= 65535):
            raise UsageError("bad_choice", setting=name, got=repr(port), expected="a number up to 65535")
