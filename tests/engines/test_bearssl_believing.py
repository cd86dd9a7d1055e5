"""Whom a side on BearSSL believes: which path is found, what is wrong with it, and how much is looked at."""

import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from harness.certificates import HERE, make
from microhttps import Trust
from microhttps.engines.bearssl.believing import MAX_PATH, Authorities, Certificate, believe
from microhttps.engines.bearssl.library import lib
from microhttps.errors import TrustError

ROOT = make("a root", is_authority=True)
SIGNING, EXCHANGING = 0x20, 0x10


def der(made):
    return made.certificate.public_bytes(Encoding.DER)


def verdict(chain, *roots, host="localhost", moment=0.0):
    """What the key is for, or the code of what is wrong."""
    authorities = Authorities([Certificate(der(root), is_own=True) for root in roots])
    try:
        return believe([der(made) for made in chain], authorities, host, int(moment or time.time()))
    except TrustError as error:
        return error.code


def test_every_public_root_is_one_for_bearssl():
    roots = [Certificate(root.anchor()) for root in Trust.public().store()]
    assert len(roots) > 100
    assert not [root for root in roots if lib.mh_check_authority(root.der, len(root.der)) or root.is_weak()]


def test_of_two_roots_with_one_name_the_one_that_has_signed_is_found():
    other = make("a root", is_authority=True)
    for roots in ((ROOT, other), (other, ROOT)):
        assert verdict([make("localhost", HERE, ROOT)], *roots) == SIGNING
    assert verdict([make("localhost", HERE, ROOT)], other) == "untrusted_issuer"


def test_what_was_sent_besides_and_in_any_order_is_no_harm():
    first = make("first", issuer=ROOT, is_authority=True)
    second = make("second", issuer=first, is_authority=True)
    leaf = make("localhost", HERE, second)
    assert verdict([leaf, first, make("nobody"), second, ROOT], ROOT) == SIGNING
    assert verdict([leaf, second], ROOT) == "untrusted_issuer"


def test_a_root_that_is_sent_as_signed_by_another_is_believed_by_its_own_name():
    crossed = make("a root", issuer=make("somebody", is_authority=True), is_authority=True, key=ROOT.key)
    assert verdict([make("localhost", HERE, ROOT), crossed], ROOT) == SIGNING


def test_the_chain_of_a_stranger_who_has_the_names_of_a_root_ends_at_its_first_signature():
    """Each of his keys is slow to verify with, and BearSSL begins at the wrong end."""
    chain = [make("a root", is_authority=True, key=ec.generate_private_key(ec.SECP521R1()))]
    for _ in range(15):
        chain.insert(0, make("a root", issuer=chain[0], is_authority=True, key=ec.generate_private_key(ec.SECP521R1())))
    assert verdict([make("localhost", HERE, chain[0]), *chain], ROOT) == "untrusted_issuer"


@pytest.mark.parametrize(("count", "said"), [(9, SIGNING), (MAX_PATH + 1, "chain_too_large")])
def test_a_path_is_as_long_as_anybody_s_and_no_longer(count, said):
    chain = [make("1", issuer=ROOT, is_authority=True)]
    while len(chain) < count:
        chain.insert(0, make(str(len(chain) + 1), issuer=chain[0], is_authority=True))
    assert verdict([make("localhost", HERE, chain[0]), *chain], ROOT) == said


def test_one_that_has_signed_itself_is_believed_when_it_was_named_itself():
    device, another = make("localhost", HERE), make("localhost", HERE)
    assert verdict([device], device) == SIGNING
    assert verdict([another], device) == "untrusted_issuer"
    assert verdict([device], device, host="elsewhere.example") == "wrong_name"
    assert verdict([make("localhost", HERE, device)], device) == "untrusted_issuer", "it is no authority"


def test_dates_are_told_last():
    ended = make("localhost", HERE, ROOT, begins=-9, ends=-1)
    assert verdict([ended], ROOT) == "expired"
    assert verdict([ended], ROOT, host="elsewhere.example") == "wrong_name"
    assert verdict([ended], make("a root", is_authority=True)) == "untrusted_issuer"
    assert verdict([make("localhost", HERE, ROOT, begins=1)], ROOT) == "not_yet_valid"


def test_where_no_moment_was_ever_good_for_all_it_has_expired():
    ended = make("ended", issuer=ROOT, is_authority=True, begins=-30, ends=-20)
    assert verdict([make("localhost", HERE, ended), ended], ROOT) == "expired"


def test_a_trusted_root_expires_like_any_other():
    old = make("old", is_authority=True, begins=-30, ends=-1)
    assert verdict([make("localhost", HERE, old)], old) == "expired"


def usage(**bits):
    """The keyUsage extension with these bits alone."""
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: bits.get(name, False) for name in names}), True


def test_what_a_key_is_for_is_told():
    assert verdict([make("localhost", HERE, ROOT, instead=[usage(digital_signature=True)])], ROOT) == SIGNING
    assert verdict([make("localhost", HERE, ROOT, instead=[usage(key_encipherment=True)])], ROOT) == EXCHANGING


def test_a_root_that_may_not_sign_certificates_has_signed_none():
    root = make("a root", is_authority=True, instead=[usage(crl_sign=True)])
    assert verdict([make("localhost", HERE, root)], root) == "untrusted_issuer"


def test_clients_are_believed_for_being_clients():
    alice = make("alice", ("alice.example",), ROOT, usage=ExtendedKeyUsageOID.CLIENT_AUTH)
    assert verdict([alice], ROOT, host=None) == SIGNING
    assert verdict([alice], ROOT) == "wrong_usage"
    assert verdict([make("localhost", HERE, ROOT)], ROOT, host=None) == "wrong_usage"
    limits = x509.NameConstraints([x509.DNSName("other.example")], None), False
    limited = make("limited", issuer=ROOT, is_authority=True, instead=[limits])
    bob = make("bob", ("bob.example",), limited, usage=ExtendedKeyUsageOID.CLIENT_AUTH)
    assert verdict([bob, limited], ROOT, host=None) == "name_not_permitted"
    carol = make("carol", ("carol.other.example",), limited, usage=ExtendedKeyUsageOID.CLIENT_AUTH)
    assert verdict([carol, limited], ROOT, host=None) == SIGNING
