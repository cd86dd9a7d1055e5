"""BearSSL: what the connections of a server or a client share, made of its identity, trust and settings. CPython only.

Layer 3.
"""

from ...errors import Unsupported, UsageError
from ...wire.x509 import der_of
from .believing import Authorities, Certificate
from .library import (
    CLIENT_CERTIFICATE,
    OPTIONAL_CERTIFICATE,
    SERVER,
    SESSIONS,
    STRICT_PROTOCOL,
    ffi,
    lengths_of,
    lib,
)

# By OpenSSL's names, in our order; a server takes the client's. Forward secrecy and authenticated encryption alone.
SUITES = {
    "ECDHE-ECDSA-AES128-GCM-SHA256": 0xC02B, "ECDHE-RSA-AES128-GCM-SHA256": 0xC02F,
    "ECDHE-ECDSA-CHACHA20-POLY1305": 0xCCA9, "ECDHE-RSA-CHACHA20-POLY1305": 0xCCA8,
    "ECDHE-ECDSA-AES256-GCM-SHA384": 0xC02C, "ECDHE-RSA-AES256-GCM-SHA384": 0xC030,
}  # fmt: skip
NAMES = {number: name for name, number in SUITES.items()}
KEY_MISMATCH = 1001  # glue.h


class Side:
    """The context of a server's or a client's channels: `pointer` for the glue, `authorities` whom they believe."""

    def __init__(self, flags, suites, authorities):
        self.is_server = bool(flags & SERVER)
        self.authorities = authorities
        numbers = ffi.new("uint16_t[]", suites)
        self.pointer = ffi.gc(lib.mh_side_new(flags, numbers, len(suites)), lib.mh_side_free)
        if self.pointer == ffi.NULL:
            raise MemoryError

    def add_identity(self, identity, name=""):
        """Show this certificate, with its key, to who asks for that name ("": for any other, and given last)."""
        if identity.password is not None:
            raise Unsupported("unsupported", setting="password", reason="BearSSL reads no encrypted key")
        chain, key = der_of(identity.load("pem")[0]), identity.load("der")[1]
        error = lib.mh_side_identity(self.pointer, name.lower().encode(), b"".join(chain), lengths_of(chain),
                                     len(chain), key, len(key))
        if error == KEY_MISMATCH:
            raise UsageError("key_does_not_match_certificate", certificate=identity.name)
        if error:
            raise UsageError("bad_certificate_file", certificate=identity.name, reason=error)

    def add_authority(self, certificate):
        """Name an authority (DER) to clients who are asked for a certificate."""
        if lib.mh_side_authority(self.pointer, certificate, len(certificate)):
            raise MemoryError

    def add_protocol(self, name):
        """Agree on this protocol (RFC 7301)."""
        if lib.mh_side_protocol(self.pointer, name.encode()):
            raise MemoryError


def server_context(identity, trust, settings, old=None):
    """A context for the server's side; raises UsageError when certificate or key cannot be used.

    One for a renewed identity is new, too: sessions of the `old` one end with it.
    """
    choices = settings.choices if settings is not None and settings.choices else {}
    identities = choices.get("identities") or {}
    alpn = choices.get("alpn", ("http/1.1",)) if settings is not None else ()
    flags = SERVER
    if trust is not None:
        is_optional = choices.get("client_certificate") == "optional"
        flags |= CLIENT_CERTIFICATE | (OPTIONAL_CERTIFICATE if is_optional else 0)
    elif choices.get("session_tickets", True) and not identities:
        # A session knows neither whose certificate was shown (theirs) nor which (ours).
        flags |= SESSIONS
    if choices.get("alpn"):
        flags |= STRICT_PROTOCOL
    side = Side(flags, _suites(choices.get("ciphers")), Authorities(_own(trust) if trust is not None else []))
    for name in sorted(identities, key=lambda name: name[:1] == "*"):  # a whole name goes before a star
        side.add_identity(identities[name], name)
    side.add_identity(identity)
    for authority in side.authorities.own:
        side.add_authority(authority.der)
    for name in alpn or ():
        side.add_protocol(name)
    return side


def client_context(trust, identity, settings):
    """A context for the client's side; it verifies chain, name and dates unless the trust says pins or `danger_…`."""
    if settings is None:
        raise Unsupported("unsupported", setting="engine", reason="only this package's own connections use BearSSL")
    if trust.kind == "system":
        raise Unsupported("no_system_roots")
    if trust.crl is not None:
        raise Unsupported("no_crl")
    authorities = None
    if trust.is_by_authority():
        authorities = Authorities(_own(trust), trust.store() if trust.kind == "public" else None)
    side = Side(0, list(SUITES.values()), authorities)
    if identity is not None:
        side.add_identity(identity)
    return side


def _own(trust):
    """The authorities that the application named; raises UsageError for what is none, or none for BearSSL."""
    own = []
    for data in trust.certificates():
        for der in der_of(data.encode("latin-1") if isinstance(data, str) else data):
            error = lib.mh_check_authority(der, len(der))
            if error:
                raise UsageError("bad_certificate_file", reason=error)
            own.append(_certificate(der))
    return own


def _certificate(der):
    try:
        return Certificate(der, is_own=True)
    except (IndexError, ValueError) as error:
        raise UsageError("bad_certificate_file", cause=error)


def _suites(ciphers):
    if not ciphers:
        return list(SUITES.values())
    try:
        names = ciphers.replace(",", ":").split(":") if isinstance(ciphers, str) else list(ciphers)
        return [SUITES[name] for name in names]
    except (KeyError, TypeError) as error:
        raise UsageError("bad_ciphers", cause=error, got=ciphers)
