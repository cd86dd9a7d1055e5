"""The engine `mbedtls`: why a chain was refused, of which the library says no more than that it was. Layer 3.

Nothing is believed for what is found here. The way is looked for that the library has gone, from the peer's certificate
up to an anchor, and what is wrong on it, in the order in which OpenSSL looks. CPython only.
"""

import time

from mbedtls.exceptions import TLSError
from mbedtls.pk import RSA
from mbedtls.x509 import CRT

from ...errors import TrustError, UsageError
from ...wire.x509 import certificate_facts
from ..leaf import find_extension, inside, is_for, values
from ..strict import is_address, judge_constraints

MOST = 10  # certificates on a way: the library takes eight intermediates
_KEY_USAGE, _BASIC_CONSTRAINTS = b"\x06\x03\x55\x1d\x0f", b"\x06\x03\x55\x1d\x13"  # RFC 5280 section 4.2.1
_SUBJECT_ALT_NAME, _DNS = b"\x06\x03\x55\x1d\x11", 0x82
_FOR_SERVERS, _FOR_CLIENTS = (b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03" + end for end in (b"\x01", b"\x02"))
_SIGNS_CERTIFICATES = 0x04  # keyCertSign, the sixth bit
_WEAK_DIGESTS = ("md5", "sha1")
_RSA_BYTES = 256  # the library takes none shorter


def path_above(chain, anchors):
    """The certificates (DER) above the first of this chain, by their names: an anchor ends the way.

    All that have the right name are on it: which of them the library took is not known.
    """
    above, issuers = [], [_issuer(chain[0])]
    for issuer in issuers:  # which grows
        found = anchors.of(issuer)
        if not found:
            found = [der for der in chain[1:] if _subject(der) == issuer]
            issuers += [_issuer(der) for der in found if _issuer(der) not in issuers]
        above += [der for der in found if der not in above]
    return above


def judge_client(leaf, above):
    """Raise TrustError unless the authorities `above` a client's verified certificate (DER) may stand for it."""
    names = find_extension(leaf, _SUBJECT_ALT_NAME)
    for authority in above:
        if not is_for(authority, _FOR_CLIENTS):
            raise TrustError("wrong_usage")
        judge_constraints(authority, leaf, () if names is None else values(inside(names)), None)


def reason_of(chain, anchors, host):
    """The code of what is wrong with a chain (DER) for a client of this host, or None for a client's; None: unknown."""
    try:
        way = _way(chain, anchors)
        if way is None:
            return "untrusted_issuer"
        return _usage(way[0], host) or _weakness(way) or _name(way[0], host) or _dates(way)
    except (TLSError, UsageError, IndexError, ValueError):
        return None


def _way(chain, anchors):
    """The certificates from the first of the chain to an anchor, each signed by the next; None: there is none."""
    way = [chain[0]]
    while len(way) < MOST:
        if way[-1] in anchors.of(_subject(way[-1])):
            return way
        issuer = _issuer(way[-1])
        others = [der for der in chain[1:] if der not in way and _subject(der) == issuer]
        found = [der for der in anchors.of(issuer) + others if _has_signed(der, way[-1], len(way) - 1)]
        if not found:
            return None
        way.append(found[0])
    return None


def _issuer(der):
    return _fields(der)[2]


def _subject(der):
    return _fields(der)[4]


def _fields(der):
    """Serial number, signature, issuer, validity, subject, … (RFC 5280 section 4.1)."""
    return [field for field in values(inside(inside(der))) if field[0] != 0xA0]  # without the version


def _has_signed(authority, child, below):
    """Whether this authority (DER) has signed that certificate, and may: so many intermediates are below it."""
    issuer = CRT.from_DER(authority)
    return (issuer.version < 3 or _may_sign(authority, below)) and issuer.verify(CRT.from_DER(child))


def _may_sign(authority, below):
    constraints = find_extension(authority, _BASIC_CONSTRAINTS)
    if constraints is None:
        return False
    is_authority = inside(constraints)[:3] == b"\x01\x01\xff"
    length = [inside(value)[-1] for value in values(inside(constraints)) if value[0] == 0x02]
    usage = find_extension(authority, _KEY_USAGE)
    may_sign = usage is None or inside(usage)[1] & _SIGNS_CERTIFICATES
    return is_authority and may_sign and (not length or below <= length[0])


def _usage(leaf, host):
    return None if is_for(leaf, _FOR_CLIENTS if host is None else _FOR_SERVERS) else "wrong_usage"


def _weakness(way):
    for at, der in enumerate(way):
        certificate = CRT.from_DER(der)
        key = certificate.subject_public_key
        is_short = isinstance(key, RSA) and key.key_size < _RSA_BYTES
        if is_short or at < len(way) - 1 and certificate.digestmod.name in _WEAK_DIGESTS:
            return "too_weak"
    return None


def _name(leaf, host):
    """By our own look at the names; what the library has against one that we would take is found last."""
    names = find_extension(leaf, _SUBJECT_ALT_NAME)
    names = [] if names is None else [inside(name).lower() for name in values(inside(names)) if name[0] == _DNS]
    if host is None or is_address(host) or any(_fits(name, host.lower().encode()) for name in names):
        return None
    return "wrong_name"


def _fits(name, host):
    return name == host or name.startswith(b"*.") and name[1:] == b"." + host.partition(b".")[2]


def _dates(way):
    moment = time.time()
    for facts in [certificate_facts(der) for der in way]:
        if moment < facts.not_before:
            return "not_yet_valid"
        if moment > facts.not_after:
            return "expired"
    return None
