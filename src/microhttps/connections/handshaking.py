"""A client's handshake in a task: the memory for it, what its clock has to do with the verdict, how a failed one ends.

Layer 5.
"""

from ..errors import ClockError, MicrohttpsError, NetworkError
from ..port import system
from .transport import has_room
from .waiting import wait

LINGER = 1.0  # seconds for a peer to read our alert and close


def check_memory(settings):
    """Raise OutOfMemory when there is not so much free in one piece as `min_free_memory` says, garbage gone."""
    if not has_room(settings):
        system.collect()
        if not has_room(settings):
            from .lacking import lack

            raise lack(settings)


async def shake_hands(transport):
    """Shake hands; raises TrustError, PeerError, NetworkError, ClockError, DeadlineError, and then closes."""
    channel = transport.channel
    try:
        while not channel.handshake():
            await wait(transport, channel.wants)
    except MicrohttpsError as error:
        if not (isinstance(error, NetworkError) or channel.is_established):
            await _stay(transport)
        transport.close()
        raise judge_clock(error)
    except BaseException:
        transport.close()
        raise


async def _stay(transport):
    """Let the peer read our alert: what it still sends to a closed socket is answered by a reset that overtakes it."""
    raw = transport.channel.raw
    system.shut_down(raw)
    transport.set_deadline(LINGER, "linger")
    try:
        await wait(transport, system.READ)
        while system.discard(raw):
            await wait(transport, system.READ)
    except NetworkError:
        pass  # it was long enough


def judge_clock(error):
    """A certificate out of its dates, seen by a clock that was never set, says nothing of the certificate."""
    if error.code in ("expired", "not_yet_valid") and not system.is_clock_set():
        return ClockError("clock_not_set", cause=error.cause, clock=int(system.wall_clock()),
                          host=error.facts.get("host"))
    return error
