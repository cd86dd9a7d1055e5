"""When every place is taken and nobody is idle: who has fallen silent gives way, who waited too long is turned away.

A handshake or a request in progress is never the victim. But a connection over which nothing was ever asked, and
nothing has come for `grace_for_silence` seconds, is neither: browsers open some in advance and say nothing on them,
and one of those must not hold the only place of a board for as long as a handshake may take. Without a newcomer who
waits it may stay. On CPython a client that has sent a part of its handshake is left alone. MicroPython's TLS cannot say
when a handshake is over: there it is taken to be over when the client has spoken twice (RFC 8446 section 2: its hello,
its end), or when it has been silent for four times as long.

As long as somebody is let in now and then, the newcomers wait in the system's backlog, in their order. Layer 9.
"""

from ..errors import NetworkError
from ..port import system
from .pool import BUSY, HANDSHAKING, WAIT
from .refusing import turn_away

LOOK = 0.05  # seconds between two looks, and so the time for which a place may stand empty
SLOW = 4  # graces for who has spoken once: another board needs seconds to verify our certificate


def wait_for_place(listening):
    """The newcomers wait in the backlog, and a task looks after them until there is a place."""
    listening.watcher.watch(0)
    if listening.crowd is None:
        listening.crowd = system.spawn(_look_after(listening))


async def _look_after(listening):
    server = listening.server
    settings = server.settings
    pool = server.pool
    known = {}
    deadline = None
    has_gone = False
    try:
        while server.newcomers is listening.watcher:  # else it was stopped, and its socket is closed
            silent_since = _note(pool, known)
            if deadline is None or [member for member in silent_since if member not in known]:
                deadline = system.after(settings.admission_timeout)  # somebody was let in
            known = silent_since
            await system.sleep(LOOK / 10 if has_gone else LOOK)
            if server.newcomers is not listening.watcher:
                return
            if pool.judge(None) is not WAIT:
                listening.watcher.watch(system.READ)
                if not has_gone:
                    return
                has_gone = False  # whose place is not taken yet
            elif system.is_past(deadline, system.now()):
                _turn_all_away(listening)
                deadline = None
            else:
                has_gone = settings.lru_purge and _let_go(known, system.now(), settings.grace_for_silence)
    except MemoryError:
        pass  # the next tick of the server tries again
    finally:
        listening.crowd = None
        system.drop("server.crowd")


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
    """Close the one that is silent for longest, if it is silent for too long; whether there was one."""
    chosen = None
    for member in known:
        graces = _graces(member)
        if graces and system.seconds_between(known[member][1], moment) >= grace * graces and (
                chosen is None or member.last_used < chosen.last_used):
            chosen = member
    if chosen is not None:
        if chosen.phase == HANDSHAKING:
            chosen.server.tell("session_error", chosen, error=NetworkError("gave_way"))
        chosen.server.pool.purged += 1
        chosen.transport.close()
    return chosen is not None


def _graces(member):
    """How many times the grace it may be silent; 0 when something is in progress, as far as can be seen."""
    if member.phase != HANDSHAKING:
        return 0 if member.phase == BUSY or member.asked or member.pending else 1
    if not member.asked:
        return 1
    if "handshake_end" in member.server.settings.engine.CAN:
        return 0
    return 1 if member.asked > 1 else SLOW


def _turn_all_away(listening):
    server = listening.server
    waiting = []  # taken out of the backlog first: who comes while the others are told has not waited
    try:
        while len(waiting) < server.settings.backlog:
            newcomer = system.accept(listening.listener)
            if newcomer is None:
                break
            waiting.append(newcomer)
    except NetworkError as error:
        server.report(error, "accepting failed")
    for raw, address in waiting:
        turn_away(server, raw, address, NetworkError("no_place", setting="admission_timeout"))
