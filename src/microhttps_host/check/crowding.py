"""What a browser does to a server: six connections at once, of which some say nothing for long; who is served?

Chrome opens connections in advance and may be silent on them, without even a handshake. A server with few places that
waits for those serves nobody. Layer 13.
"""

from dataclasses import dataclass
from typing import Any

from microhttps.errors import MicrohttpsError

from .exchange import ask
from .visit import Visit
from .wires import Stream

SILENT, SHAKEN, ASKING = 2, 1, 3  # without a handshake; with one, and no request; with both
SECONDS = 5.0  # a page that takes longer is not one that somebody waits for


@dataclass(frozen=True)
class Crowd:
    """How many connections were opened at once, how many of them asked, and how many of those were answered."""

    opened: int
    asked: int
    served: int


def crowd(visit: Visit) -> Crowd:
    """Open six at once, as a browser does, and see who is served; waits. Only for a server that was believed."""
    opened: list[Any] = []
    served = 0
    try:
        for _ in range(SILENT):
            opened.append(visit.open_plain())
        for number in range(SHAKEN + ASKING):
            opened.append(_secured(visit))
            served += number >= SHAKEN and _is_answered(visit, opened[-1])
    except MicrohttpsError:
        pass  # it lets nobody in any more: that is what is counted
    finally:
        for each in opened:
            each.close()
    return Crowd(SILENT + SHAKEN + ASKING, ASKING, served)


def _secured(visit: Visit) -> Stream:
    raw = visit.open()
    raw.settimeout(SECONDS)
    try:
        secured: Stream = visit.wrap(raw, visit.trust or visit.trusts[-1])
    except MicrohttpsError:
        raw.close()
        raise
    return secured


def _is_answered(visit: Visit, stream: Stream) -> bool:
    target = visit.target
    try:
        ask(stream, "GET", target.path, target.authority, SECONDS, visit.options.user_agent, is_kept=True)
    except MicrohttpsError:
        return False
    return True
