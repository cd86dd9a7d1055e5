"""What our client judges itself where Mbed TLS does not: certificates with any byte changed or cut are judged, too."""

import random

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from badssl.making import permitted
from harness.certificates import make
from microhttps.engines.strict import judge
from microhttps.errors import TrustError

LIMITS = [*permitted("localhost"), (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)]
AUTHORITY = make("an authority", is_authority=True, instead=LIMITS)
SITE = make("localhost", ("localhost", "127.0.0.1"), AUTHORITY)
LEAF, ABOVE = (made.certificate.public_bytes(Encoding.DER) for made in (SITE, AUTHORITY))


def is_believed(leaf, above, host="localhost"):
    """Nothing but a TrustError may be raised."""
    try:
        judge(leaf, [above], host)
    except TrustError:
        return False
    return True


@pytest.mark.parametrize(("host", "expected"), [("localhost", True), ("127.0.0.1", True), ("127.0.0.2", False),
                                                ("::1", False), ("1.2.3", False), ("1.2.3.400", False), ("::g", False)])
def test_a_good_one_is_believed_for_its_own_hosts(host, expected):
    assert is_believed(LEAF, ABOVE, host) == expected


def test_nothing_but_trust_errors_comes_of_cut_certificates():
    assert not any(is_believed(LEAF[:end], ABOVE) for end in range(len(LEAF) - 100))
    assert not any(is_believed(LEAF, ABOVE[:end]) for end in range(len(ABOVE) - 100))


def test_nothing_but_trust_errors_comes_of_changed_certificates():
    chance = random.Random(7)
    for der, others in ((LEAF, lambda changed: (changed, ABOVE)), (ABOVE, lambda changed: (LEAF, changed))):
        for at in range(len(der)):
            for value in (0, 1, 0x30, 0x7F, 0x80, 0x84, 0xFF, chance.randrange(256)):
                is_believed(*others(der[:at] + bytes((value,)) + der[at + 1:]))
