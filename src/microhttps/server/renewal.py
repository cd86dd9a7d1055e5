"""Looks every few seconds whether the files of a server's identity have changed on disk, and has them taken up.

The tick of `listening` loads this, lets it look, and forgets it again. Files that have changed are taken when they
rest, that is when two looks in a row saw the same, and only if all is well with them: what is half-written, expired or
does not fit together leaves the old identity where it is and is told once. How is in `taking_up`. Layer 9.
"""

import hashlib
import os

from ..port import system

LONGEST = 86400  # seconds between two looks; more than a board's clock of milliseconds could count
# Seconds until the next look at files that have just changed. No fewer, because MicroPython's times are whole seconds:
# what is written behind a look at files that have rested for one cannot look the same as they did.
AGAIN = 1


def look(listening):
    """Look at the files of the identity, and have taken up what has changed; never raises.

    `listening.looked` is (what was judged last, what was seen last), `listening.look_at` when to look again.
    """
    server = listening.server
    interval = min(server.settings.identity_check_interval, LONGEST)
    seen = state_of(server) if interval else None
    if seen is None:
        listening.look_at = None
        return
    judged, before = listening.looked or (seen, seen)
    listening.looked = judged, seen
    listening.look_at = system.after(AGAIN if seen != before else interval)
    if seen == before != judged:
        from .taking_up import try_to_take_up

        if try_to_take_up(listening):
            listening.looked = seen, seen
        system.drop("server.taking_up")


def reload_identity(server):
    """What Server.reload_identity says."""
    if server.transport != "secure" or server.identity is None:
        from ..errors import UsageError

        raise UsageError("no_identity")
    listening = server._listening
    if listening is None:
        server.identity.check()  # start() reads the files anyway
        return
    from .taking_up import take_up

    seen = state_of(server)
    listening.looked = seen, seen  # it is judged now, whatever comes of it
    listening.look_at = system.now()
    take_up(listening)
    system.drop("server.taking_up")


def state_of(server):
    """A few bytes that change with the certificates and keys of a server; None if none of them is a file."""
    identities = [server.identity] + list(((server.settings.choices or {}).get("identities") or {}).values())
    found = []
    for identity in identities:
        for source in (identity.certificate, identity.key):
            if not isinstance(source, (bytes, bytearray, memoryview)):
                found.append(_facts_of(str(source)))
    # MicroPython's hash() of a tuple is nearly a sum: a file one byte shorter and a second younger would be the same.
    return hashlib.sha256(repr(found).encode()).digest()[:8] if found else None


def _facts_of(path):
    """What changes with a file: its inode, size, and times; MicroPython has neither names nor fractions for them."""
    try:
        facts = os.stat(path)
    except OSError:
        return 0
    return facts[1], facts[6], facts[8], facts[9], getattr(facts, "st_mtime_ns", 0)
