"""Whether a certificate and its key can be used at all, and both as an engine wants them.

Leaves the inside of DER to `x509`, and reading to `files`. Layer 4; loaded when a context is made.
"""

import os

from ..errors import TrustError, Unsupported, UsageError
from ..port import system
from .files import armoured, read_source, unarmoured

# Looked for, not read: at worst a certificate passes here that clients will refuse (RFC 5280 section 4.2.1.12).
KEY_USAGES = b"\x06\x03\x55\x1d\x25"
FOR_SERVERS = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01"
ANY_USAGE = b"\x06\x04\x55\x1d\x25\x00"


def check_identity(identity):
    """Raise what `Identity.check` says."""
    from ..wire.x509 import certificate_facts, der_of

    file = identity.name
    try:
        certificate = der_of(read_source(identity.certificate))[0]
        facts = certificate_facts(certificate)
        if not identity.danger_demonstration_key:
            _refuse_published(facts, identity.name)
        _judge_dates(facts, identity.name)
        if KEY_USAGES in certificate and not (FOR_SERVERS in certificate or ANY_USAGE in certificate):
            raise TrustError("wrong_usage", certificate=identity.name)
        key = read_key(identity)
        file = key_name(identity)
        _match(facts, key, identity)
    except UsageError as error:
        if error.code == "bad_certificate_file" and "file" not in error.facts:  # which says that it cannot be read
            error.facts["certificate"] = file
        raise
    identity.is_checked = True


def _match(facts, key, identity):
    """Raise UsageError unless the key goes with the certificate of these facts, as far as that is to be seen."""
    from ..wire.x509 import public_key_of

    if identity.password is None and b"ENCRYPTED" not in key:
        public_key = public_key_of(unarmoured(key, b"PRIVATE KEY-----"))
        if public_key not in (None, facts.public_key):
            raise UsageError("key_does_not_match_certificate", certificate=identity.name)


def _refuse_published(facts, name):
    system.make_room()  # that this was loaded is noted in the package, which should not lie behind the rubbish
    from .published import refuse_published

    system.drop("credentials.published")
    refuse_published(facts.spki, name)


def load_identity(identity, form):
    """What `Identity.load` says. A chain of several stays PEM, because DER has no form for it."""
    chain, key = read_source(identity.certificate), read_key(identity)
    if not identity.is_checked:  # a client's, whose dates its server judges
        from ..wire.x509 import certificate_facts, der_of

        facts = certificate_facts(der_of(chain)[0])
        if not identity.danger_demonstration_key:
            _refuse_published(facts, identity.name)
        _match(facts, key, identity)
    if form == "pem":
        return armoured(chain, b"CERTIFICATE"), armoured(key, None)
    if b"ENCRYPTED" in key:
        raise Unsupported("unsupported", setting="password", reason="this TLS library reads no encrypted key")
    if chain.count(b"-----BEGIN CERTIFICATE-----") <= 1:
        chain = unarmoured(chain, b"CERTIFICATE-----")
    return chain, unarmoured(key, b"PRIVATE KEY-----")


def _judge_dates(facts, name):
    """Raise TrustError when a certificate of ours is out of its dates; quiet on a clock that was never set."""
    if not system.is_clock_set():
        return
    moment = int(system.wall_clock())
    if moment > facts.not_after:
        raise TrustError("expired", certificate=name, not_after=facts.not_after)
    if moment < facts.not_before:
        raise TrustError("not_yet_valid", certificate=name, not_before=facts.not_before)


def is_exposed(identity):
    """Whether others than the owner and his group may read the file of a key, or the group may change it.

    Never on a file system without permissions, as that of a board is.
    """
    if isinstance(identity.key, (bytes, bytearray, memoryview)) or getattr(os, "name", "posix") != "posix":
        return False
    return os.stat(str(identity.key))[0] & 0o027 != 0


def read_key(identity):
    """The bytes of a key as it was before it was sealed; raises UsageError."""
    data = read_source(identity.key)
    if identity.sealed is not None:
        return identity.sealed.open(data, key_name(identity))
    if data[:16] == b"microhttps-seal1":
        raise UsageError("key_is_sealed", file=key_name(identity))
    return data


def key_name(identity):
    """What to call the key in an error."""
    return "bytes" if isinstance(identity.key, (bytes, bytearray, memoryview)) else str(identity.key)
