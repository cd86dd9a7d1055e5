"""When every place is taken and nobody is idle: who has fallen silent gives way, who waited too long is turned away.

A handshake or a request in progress is never the victim. But a connection over which nothing was ever asked, and
nothing has come for `grace_for_silence` seconds, is neither: browsers open some in advance and say nothing on them,
and one of those must not hold the only place of a board for as long as a handshake may take. Without a newcomer who
waits it may stay. On CPython a client that has sent a part of its handshake is left alone; MicroPython's TLS cannot say
when a handshake is over, so there it is taken to be over when the client has spoken twice (RFC 8446 section 2: its
hello, its end). As long as somebody is let in now and then, the newcomers wait in the system's backlog, in their
order. Layer 5.
"""

from .errors import NetworkError
from .pool import BUSY, HANDSHAKING, WAIT
from .port import system
from .refusing import turn_away

LOOK = 0.05  # seconds between two looks, and so the time for which a place may stand empty


def wait_for_place(listening):
    """The newcomers wait in the backlog, and a task looks after them until there is a place."""
    listening.watcher.watch(0)
    if listening.crowd is None:
        listening.crowd = system.spawn(_look_after(listening))


async def _look_after(listening):
    server = listening.server
    pool = server.pool
    known = {}
    deadline = None
    try:
        while server.newcomers is listening.watcher:  # else it was stopped
            silent_since = _note(pool, known)
            if deadline is None or len(silent_since) > len([member for member in silent_since if member in known]):
                deadline = system.after(server.settings.admission_timeout)  # somebody was let in
            known = silent_since
            await system.sleep(LOOK)
            if pool.judge(None) is not WAIT:
                listening.watcher.watch(system.READ)
                return
            if system.is_past(deadline, system.now()):
                _turn_all_away(listening)
                deadline = None
            elif server.settings.lru_purge:
                _let_go(known, system.now(), server.settings.grace_for_silence)
    except MemoryError:
        pass  # the next tick of the server tries again
    finally:
        listening.crowd = None
        system.drop("crowd")


def _note(pool, known):
    """{member: (its last use, since when it has not changed)}."""
    moment = system.now()
    noted = {}
    for member in pool.members:
        before = known.get(member)
        if before is None or before[0] != member.last_used:
            before = member.last_used, member.opened if _is_mute(member) else moment
        noted[member] = before
    return noted


def _is_mute(member):
    return member.phase == HANDSHAKING and not member.asked


def _let_go(known, moment, grace):
    """Close the one that is silent for longest, if there is one that is silent for too long."""
    chosen = None
    for member in known:
        if _is_silent(member) and system.seconds_between(known[member][1], moment) >= grace and (
                chosen is None or member.last_used < chosen.last_used):
            chosen = member
    if chosen is not None:
        if chosen.phase == HANDSHAKING:
            chosen.server.tell("session_error", chosen, error=NetworkError("gave_way"))
        chosen.transport.close()


def _is_silent(member):
    """Whether nothing was asked, and nothing is in progress as far as can be seen."""
    if member.phase != HANDSHAKING:
        return member.phase != BUSY and not member.asked and not member.pending
    if member.asked < 2:
        return not member.asked
    from .engines import engine

    return "handshake_end" not in engine.CAN


def _turn_all_away(listening):
    try:
        for _ in range(listening.server.settings.backlog):
            newcomer = system.accept(listening.listener)
            if newcomer is None:
                return
            turn_away(listening.server, newcomer[0], newcomer[1], NetworkError("no_place"))
    except NetworkError as error:
        listening.server.report(error, "accepting failed")
