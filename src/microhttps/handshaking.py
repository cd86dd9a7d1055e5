"""A client's handshake in a task, and what its clock has to do with the verdict. Layer 5."""

from .errors import ClockError, MicrohttpsError
from .port import system
from .waiting import wait


async def shake_hands(transport):
    """Shake hands; raises TrustError, PeerError, NetworkError, ClockError, DeadlineError."""
    channel = transport.channel
    try:
        while not channel.handshake():
            await wait(transport, channel.wants)
    except MicrohttpsError as error:
        raise judge_clock(error)


def judge_clock(error):
    """A certificate out of its dates, seen by a clock that was never set, says nothing of the certificate."""
    if error.code in ("expired", "not_yet_valid") and not system.is_clock_set():
        return ClockError("clock_not_set", cause=error.cause, clock=int(system.wall_clock()),
                          host=error.facts.get("host"))
    return error
