"""What an application chose of its server's TLS: whether that is a choice at all, and whether this engine has it.

Loaded at the start of a server that has a trust or names such a setting, and forgotten then. Layer 9.
"""

from ..errors import Unsupported, UsageError
from ..identity import Identity
from ..port import system

# What every engine does anyway.
HARMLESS = {
    "minimum_tls": ("1.2", None), "maximum_tls": ("1.3", None), "session_tickets": (False, None), "alpn": (None, ()),
    "identities": (None,), "curves": (None,), "ciphers": (None,),
}  # fmt: skip


def channel_of(server):
    """The class of a server's channels, when all it chose can be had; raises UsageError, Unsupported, TrustError."""
    settings = server.settings
    choices = settings.choices or {}
    system.drop("tls_limits")
    _check_trust(server.trust, choices)
    _check_versions(choices)
    _check_identities(choices.get("identities"))
    if isinstance(choices.get("alpn"), (str, bytes)):  # each letter would be a protocol
        raise UsageError("bad_choice", setting="alpn", got=choices["alpn"], expected="a list of names")
    for name in choices:
        value = choices[name]
        if name not in settings.engine.CAN and not (name in HARMLESS and value in HARMLESS[name]):
            # Said with the error, because the setting alone helps nobody.
            raise Unsupported("unsupported", setting=name, reason=settings.engine.REASONS[name])
    return settings.engine.channel_for(server.trust, choices)


def _check_trust(trust, choices):
    if trust is None:
        if choices.get("client_certificate"):
            raise UsageError("no_client_trust", setting="client_certificate")
        return
    kind = getattr(trust, "kind", type(trust).__name__)
    if kind != "own":
        raise UsageError("bad_client_trust", got=kind)
    if choices.get("client_certificate", "required") not in ("required", "optional"):
        raise UsageError("bad_choice", setting="client_certificate", got=choices["client_certificate"],
                         expected="required or optional")


def _check_versions(choices):
    for name in ("minimum_tls", "maximum_tls"):
        if choices.get(name) not in (None, "1.2", "1.3"):
            raise UsageError("bad_choice", setting=name, got=choices[name], expected="1.2 or 1.3")
    if choices.get("minimum_tls") == "1.3" and choices.get("maximum_tls") == "1.2":
        raise UsageError("bad_choice", setting="maximum_tls", got="1.2", expected="no older than minimum_tls")


def _check_identities(identities):
    for name in identities or ():
        bare = name[2:] if name[:2] == "*." else name
        if not bare or "*" in bare or ":" in bare or bare[:1] == "." or not isinstance(identities[name], Identity):
            raise UsageError("bad_choice", setting="identities", got=name, expected="{name or *.domain: Identity}")
        identities[name].check()
