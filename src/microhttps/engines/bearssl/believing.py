"""BearSSL: whether the chain of a peer is to be believed. CPython only. Layer 3.

BearSSL verifies signatures, dates, what is an authority and how long a path may be, of certificates in order. Here the
path is found among what was shown, one trusted authority at its end, and judged what BearSSL leaves to others: what a
certificate is for, which names it may have, whether it has ours, how strong its keys are, and the dates of the trusted
authority. Of several faults the one is told that OpenSSL would tell: dates last.
"""

import itertools

from ...errors import TrustError, UsageError
from ...wire.der import Reader
from ...wire.x509 import take_time
from ..leaf import find_extension, inside, is_for, values
from ..strict import SUBJECT_ALT_NAME, is_address, judge, judge_constraints
from .library import ffi, lengths_of, lib

BASIC_CONSTRAINTS = b"\x06\x03\x55\x1d\x13"
KEY_USAGE = b"\x06\x03\x55\x1d\x0f"
FOR_CLIENTS = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02"
RSA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
WEAK_SIGNATURES = (  # SHA-1 and MD5, with RSA and ECDSA
    b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05", b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04",
    b"\x06\x07\x2a\x86\x48\xce\x3d\x04\x01",
)  # fmt: skip
MIN_RSA_BITS = 2048  # as OpenSSL by default, and RFC 9325 section 4.5
MAX_PATH = 20  # certificates from the peer's to the one that a trusted authority has signed; there are two or three
MAX_TRIALS = 8  # of whom it may be: authorities may have one name, and certificates be signed by several
YEAR_0 = 719528  # days from then to 1970
DNS = 0x82

# BearSSL's numbers (bearssl_x509.h) that are not "certificate_refused"
EXPIRED, UNSUPPORTED = 54, 49
CODES = {
    52: "untrusted_issuer", 55: "untrusted_issuer", 58: "untrusted_issuer", 59: "untrusted_issuer",
    60: "too_weak", 62: "untrusted_issuer",
}  # fmt: skip


class Certificate:
    """One certificate (DER), as far as a path is made of it; raises IndexError or ValueError for other bytes."""

    def __init__(self, der, is_own=False):
        self.der = der
        self.is_own = is_own  # of those the application named: what it says of itself holds
        fields = [field for field in values(inside(inside(der))) if field[0] != 0xA0]  # without the version
        self.signature, self.issuer, self._validity, self.subject, self.spki = fields[1:6]
        self.has_extensions = fields[-1][0] == 0xA3

    def dates(self):
        """(not before, not after), seconds since 1970; raises UsageError."""
        validity = inside(self._validity)
        reader = Reader(validity, 0, len(validity))
        return take_time(reader), take_time(reader)

    def may_sign(self):
        """Whether an authority that is trusted is one: an old one says nothing of it and has signed itself."""
        constraints = find_extension(self.der, BASIC_CONSTRAINTS)
        if constraints is None:
            return not self.has_extensions and self.subject == self.issuer
        usage = find_extension(self.der, KEY_USAGE)
        is_for_signing = usage is None or bool(inside(usage)[1:2] and inside(usage)[1] & 0x04)
        return is_for_signing and values(inside(constraints))[:1] == [b"\x01\x01\xff"]

    def is_weak(self):
        """Whether its key is too short to prove anything."""
        algorithm, bits = values(inside(self.spki))
        if not inside(algorithm).startswith(RSA):
            return False
        modulus = inside(values(inside(inside(bits)[1:]))[0])
        return int.from_bytes(modulus, "big").bit_length() < MIN_RSA_BITS


class Authorities:
    """Whom a side believes: its own authorities, and the public ones in a store."""

    def __init__(self, certificates, store=None):
        self.own = certificates
        self._store = store

    def signers(self, certificate):
        """The authorities that may have signed this certificate, by their name."""
        found = [own for own in self.own if own.subject == certificate.issuer and own.may_sign()]
        if self._store is not None:
            found += [Certificate(root.anchor()) for root in self._store.find(certificate.issuer)]
        return found

    def has(self, certificate):
        """Whether it has signed itself and is one of those that were named; for any other there are pins."""
        return certificate.subject == certificate.issuer and any(own.der == certificate.der for own in self.own)


def believe(chain, authorities, host, moment):
    """What the peer's key may be used for, in BearSSL's flags; raises TrustError.

    `chain` is what the peer has shown (DER, its own first), `host` whom it is to be, None for a client.
    """
    try:
        shown = [Certificate(der) for der in chain]
        path, usages = _verified(shown, authorities, host, moment)
        if any(certificate.is_weak() for certificate in path):
            raise TrustError("too_weak", host=host)
        _judge(path, host)
        _judge_dates(path, host, moment)
    except (IndexError, ValueError, UsageError) as error:
        raise TrustError("certificate_refused", cause=error, host=host)
    return usages


def _verified(shown, authorities, host, moment):
    """(the path to a trusted authority, with that, what the key at its beginning is for); dates may be wrong."""
    if authorities.has(shown[0]):
        trials = [(shown[:1], Certificate(shown[0].der, is_own=True))]
    else:
        trials = _trials(shown, authorities, host)
    found = None
    for path, anchor in itertools.islice(trials, MAX_TRIALS):
        # From above first: a stranger's certificates of his own making, each of which costs a verification and may
        # have a key for which that is slow, end at the first.
        error, usages = _verify(path[-1:], anchor, moment)
        if not error and len(path) > 1:
            error, usages = _verify(path, anchor, moment)
        if not error:
            return [*path, anchor], usages
        found = found or error if CODES.get(error) != "untrusted_issuer" else found
    weak = found == UNSUPPORTED and [one for one in shown if values(inside(one.signature))[0] in WEAK_SIGNATURES]
    code = "too_weak" if weak else CODES.get(found, "certificate_refused") if found else "untrusted_issuer"
    raise TrustError(code, host=host, reason=found if code == "certificate_refused" else None)


def _trials(shown, authorities, host):
    """Paths from the peer's certificate upward, through what was shown in any order, each with who may have signed it.
    """
    path, rest = shown[:1], shown[1:]
    while len(path) <= MAX_PATH:
        for anchor in authorities.signers(path[-1]):
            yield path, anchor
        above = [certificate for certificate in rest if certificate.subject == path[-1].issuer]
        if not above:
            return
        rest.remove(above[0])
        path = [*path, above[0]]
    raise TrustError("chain_too_large", host=host)


def _verify(path, anchor, moment):
    """(BearSSL's error or 0, what the key is for), whatever the dates."""
    answer = _verify_at(path, anchor, moment)
    if answer[0] == EXPIRED:
        error, _ = _verify_at(path, anchor, max(certificate.dates()[0] for certificate in path))
        # Where no moment is good for all of them, dates are all that is told. The key is for nothing in any case.
        return 0 if error == EXPIRED else error, 0
    return answer


def _verify_at(path, anchor, moment):
    chain = [certificate.der for certificate in path]
    is_direct = len(path) == 1 and anchor.der == path[0].der
    answer = lib.mh_verify(b"".join(chain), lengths_of(chain), len(chain), anchor.der, lengths_of([anchor.der]), 1,
                           is_direct, YEAR_0 + moment // 86400, moment % 86400)
    return answer & 0xFFFF, answer >> 16


def _judge(path, host):
    # What the store of public roots has of a root is name and key: nothing more is said of it.
    leaf, above = path[0].der, [one.der for one in path[1:] if one.is_own or one is not path[-1]]
    if above[-1:] == [leaf]:
        above.pop()
    names = find_extension(leaf, SUBJECT_ALT_NAME)
    names = () if names is None else values(inside(names))
    if host is None:
        for certificate in [leaf, *above]:
            if not is_for(certificate, FOR_CLIENTS):
                raise TrustError("wrong_usage")
        for authority in above:
            judge_constraints(authority, leaf, names, host)
    else:
        judge(leaf, above, host)
        if not (is_address(host) or any(_fits(name, host.lower().encode()) for name in names)):
            raise TrustError("wrong_name", host=host)


def _fits(name, host):
    """Whether a name of a certificate is a host's (RFC 9525 section 6.3): a star is the whole first label."""
    text = inside(name).lower()
    return name[0] == DNS and (text == host or text[:2] == b"*." and text[1:] == host[host.find(b"."):])


def _judge_dates(path, host, moment):
    for certificate in reversed(path):
        not_before, not_after = certificate.dates()
        if moment > not_after:
            raise TrustError("expired", host=host, not_after=not_after)
        if moment < not_before:
            raise TrustError("not_yet_valid", host=host, not_before=not_before)


def parts_of(data, lengths, count):
    """The certificates (DER) that lie one behind the other."""
    chain, at = [], 0
    for each in range(count):
        chain.append(bytes(ffi.buffer(data + at, lengths[each])))
        at += lengths[each]
    return chain
