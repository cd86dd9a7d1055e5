"""Gives a listening server its identity as it is now, for new handshakes only: all of it, if it is good, or nothing.

Loaded when files have changed (see `renewal`) or when the application asks, and then forgotten. Layer 9.
"""

from ..credentials.files import read_source
from ..identity import Identity
from ..port import system

STAYS = "the renewed identity is not taken, the old one stays"


class _Read(Identity):
    """An identity as its files were at one moment, so that what was found good is what is taken."""

    name = ""

    def __init__(self, identity):
        super().__init__(read_source(identity.certificate), read_source(identity.key), identity.password)
        self.name = identity.name
        self.sealed = identity.sealed
        self.danger_demonstration_key = identity.danger_demonstration_key


def try_to_take_up(listening):
    """As take_up, of which a fault is told; whether the files are judged with that. Never raises.

    They are not when there was no memory for it: then the next look tries again.
    """
    try:
        take_up(listening)
    except Exception as error:  # whatever it is, the old identity stays and the server goes on
        try:
            listening.server.report(error, STAYS)
        except Exception as second:
            system.report(second, "the application failed to hear of a fault")
        return not isinstance(error, MemoryError)
    return True


def take_up(listening):
    """Use the identity as it is on disk now for new handshakes; if it is bad the old one stays.

    Raises UsageError or TrustError. Tickets stay good if the new key is of the old one's kind.
    """
    server = listening.server
    settings = server.settings
    try:
        identity = _Read(server.identity)
        identity.check()
        others = (settings.choices or {}).get("identities") or {}
        for name in others:
            others[name].check()
        context = settings.engine.server_context(identity, server.trust, settings, listening.context)
    finally:
        system.drop("credentials.files", "credentials.identities", "wire.x509", "wire.der",
                    "engines.micropython.contexts")
    listening.context = context
    server.tell("identity_renewed", None, certificate=identity.name)
