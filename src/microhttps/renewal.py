"""An identity that was renewed on disk is taken up by a listening server, for new handshakes only.

Every few seconds the tick of `listening` loads this, has it look at the files, and forgets it again. Files that have
changed are taken when they rest, that is when two looks in a row saw the same, and only if all is well with them: what
is half-written, expired or does not fit together leaves the old identity where it is and is told once. Layer 5.
"""

import os

from .errors import UsageError
from .identity import Identity
from .port import system

LONGEST = 86400  # seconds between two looks; more than a board's clock of milliseconds could count
AGAIN = 1  # seconds until the next look at files that have just changed


class _Read(Identity):
    """An identity as its files were at one moment, so that what was found good is what is taken."""

    name = ""

    def __init__(self, identity):
        from .credentials import read_source

        super().__init__(read_source(identity.certificate), read_source(identity.key), identity.password)
        self.name = identity.name


def look(listening):
    """Look at the files of the identity, and take up what has changed; never raises.

    `listening.looked` is (what was judged last, what was seen last), `listening.look_at` when to look again.
    """
    interval = min(listening.server.settings.identity_check_interval, LONGEST)
    files = files_of(listening.server)
    if not interval or not files:
        listening.look_at = None
        return
    listening.look_at = system.after(interval)
    seen = [_state_of(path) for path in files]
    judged, before = listening.looked or (seen, seen)
    listening.looked = judged, seen
    if seen != before:
        listening.look_at = system.after(min(interval, AGAIN))
    elif seen != judged:
        listening.looked = seen, seen
        _try(listening)


def files_of(server):
    """The paths of the certificates and keys of a server; those that were given as bytes have none."""
    sources = []
    for identity in _identities_of(server):
        sources += identity.certificate, identity.key
    return [str(source) for source in sources if not isinstance(source, (bytes, bytearray, memoryview))]


def _identities_of(server):
    others = (server.settings.choices or {}).get("identities") or {}
    return [server.identity] + [others[name] for name in others]


def _state_of(path):
    """What changes with a file: its inode, size, and times; MicroPython has neither names nor fractions for them."""
    try:
        facts = os.stat(path)
    except OSError:
        return None
    return facts[1], facts[6], facts[8], facts[9], getattr(facts, "st_mtime_ns", 0)


def _try(listening):
    server = listening.server
    try:
        take_up(listening)
    except Exception as error:  # even for want of memory the old identity stays; told, and tried with the next change
        try:
            server.report(error, "the renewed identity is not taken, the old one stays")
        except Exception as second:
            system.report(second, "the application failed to hear of a fault")


def take_up(listening):
    """Use the identity as it is on disk now for new handshakes; if it is bad the old one stays.

    Raises UsageError or TrustError. Tickets stay good if the new key is of the old one's kind.
    """
    server = listening.server
    from .engines import engine

    try:
        for identity in _identities_of(server):
            identity.check()
        identity = _Read(server.identity)
        identity.check()
        context = engine.server_context(identity, server.trust, server.settings, listening.context)
    finally:
        system.drop("credentials", "x509", "der", "engines.micropython_contexts")
    listening.context = context
    server.tell("identity_renewed", None, certificate=identity.name)


def reload_identity(server):
    """What Server.reload_identity says."""
    if server.transport != "secure" or server.identity is None:
        raise UsageError("no_identity")
    listening = server._listening
    if listening is None:
        server.identity.check()  # start() reads the files anyway
        return
    seen = [_state_of(path) for path in files_of(server)]
    listening.looked = seen, seen  # it is judged now, whatever comes of it
    listening.look_at = system.now()
    take_up(listening)
