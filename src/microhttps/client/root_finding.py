"""The public roots that a host needs, for connections that others make; ours go through `discovery`. Layer 9."""

from ..client_limits import CLIENT
from ..connections.transport import Sweeper
from ..engines import engine
from ..settings import settle, tick_of
from .discovery import believing, roots_of, see_chain


class Settings:
    """The settings of one search, as attributes."""

    engine = engine


async def find_trust(host, port, trust):
    """What of the public roots this host needs, as a Trust of its own, for connections that others make; waits."""
    settings = settle(Settings(), CLIENT, {})
    chain = await see_chain(host, port, host, settings, Sweeper(tick_of(settings)))
    return believing(roots_of(chain, trust, host), trust)
