"""The DER reader: right about certificates that another library made, and unmoved by any that are broken (row T10)."""

import datetime
import ipaddress
import json
import os
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from microhttps.errors import UsageError
from microhttps.wire.x509 import MAX_NAMES, certificate_facts, der_of, public_key_of
from wire import certificates

ROOT = Path(__file__).resolve().parents[2]
UTC = datetime.timezone.utc
BEGIN = datetime.datetime(2026, 2, 28, 23, 59, 58, tzinfo=UTC)
END = datetime.datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
PLAIN = serialization.NoEncryption()


def named(*pairs):
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in pairs])


DEVICE = named((NameOID.ORGANIZATION_NAME, "microhttps"), (NameOID.COMMON_NAME, "device.local"))


def made(key=EC_KEY, subject=DEVICE, issuer=None, names=(), begin=BEGIN, end=END, serial=0x1234):
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer or subject).serial_number(serial)
    builder = builder.public_key(key.public_key()).not_valid_before(begin).not_valid_after(end)
    builder = builder.add_extension(x509.BasicConstraints(True, None), True)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), False)
    signer = EC_KEY if issuer else key
    return builder.sign(signer, None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256())


def der(certificate):
    return certificate.public_bytes(DER)


NAMES = [
    x509.DNSName("device.local"),
    x509.DNSName("*.device.local"),
    x509.RFC822Name("a@b"),
    x509.IPAddress(ipaddress.ip_address("192.168.4.1")),
    x509.IPAddress(ipaddress.ip_address("fe80::1")),
    x509.IPAddress(ipaddress.ip_address("2001:db8:0:1:1:1:1:1")),
    x509.IPAddress(ipaddress.ip_address("::")),
    x509.UniformResourceIdentifier("https://a/"),
]
LEAF = made(names=NAMES)
KEYS = {
    "P-256": EC_KEY,
    "P-384": ec.generate_private_key(ec.SECP384R1()),
    "RSA": rsa.generate_private_key(65537, 2048),
    "Ed25519": ed25519.Ed25519PrivateKey.generate(),
}


def test_the_facts_are_those_that_cryptography_reads():
    facts = certificate_facts(der(LEAF))
    assert facts.common_name == "device.local"
    assert facts.names == ["device.local", "*.device.local"]
    assert facts.addresses == ["192.168.4.1", "fe80::1", "2001:db8:0:1:1:1:1:1", "::"]
    assert facts.serial == LEAF.serial_number == 0x1234
    assert (facts.not_before, facts.not_after) == (BEGIN.timestamp(), END.timestamp())
    assert facts.subject == LEAF.subject.public_bytes()
    assert facts.issuer == LEAF.issuer.public_bytes()
    assert facts.is_self_signed
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    assert facts.spki == LEAF.public_key().public_bytes(DER, form)


def test_a_certificate_of_another_issuer_is_not_self_signed():
    facts = certificate_facts(der(made(issuer=named((NameOID.COMMON_NAME, "CA")))))
    assert not facts.is_self_signed


def test_a_subject_may_be_empty():
    facts = certificate_facts(der(made(subject=x509.Name([]))))
    assert facts.common_name is None
    assert facts.names == []


NOT_ASCII = [(kind, text) for kind in ("UTF8String", "BMPString") for text in ("Gerät", "装置", "a\0b")]


@pytest.mark.parametrize(("kind", "text"), [*NOT_ASCII, ("PrintableString", "device"), ("UTF8String", "x" * 64)])
def test_a_common_name_is_text_in_any_of_its_kinds(kind, text):
    attribute = x509.NameAttribute(NameOID.COMMON_NAME, text, _type=getattr(x509.name._ASN1Type, kind))
    assert certificate_facts(der(made(subject=x509.Name([attribute])))).common_name == text


DATES = ["1970-01-01", "1999-12-31", "2000-02-29", "2026-11-20", "2049-12-31", "2050-01-01", "2100-02-28", "2100-03-01"]


@pytest.mark.parametrize("day", [*DATES, "9999-12-31"])
def test_a_date_is_the_second_that_datetime_says(day):
    """UTCTime until 2049, GeneralizedTime from 2050 on; 9999-12-31 is "never" (RFC 5280 4.1.2.5)."""
    begin = datetime.datetime.fromisoformat(day + "T01:02:03+00:00")
    facts = certificate_facts(der(made(begin=begin, end=begin + datetime.timedelta(seconds=59))))
    assert (facts.not_before, facts.not_after) == (begin.timestamp(), begin.timestamp() + 59)


@pytest.mark.parametrize(
    "time",
    [
        b"261320000000Z",
        b"260020000000Z",
        b"260229000000Z",
        b"260431000000Z",
        b"260400000000Z",
        b"260401240000Z",
        b"260401006000Z",
        b"260401000060Z",
        b"2604010000000",
        b"26040100000 Z",
        b"+60401000000Z",
        b"26040100+000Z",
    ],
)
def test_a_date_that_is_none_is_refused(time):
    good = der(LEAF)
    assert good.count(b"260228235958Z") == 1
    with pytest.raises(UsageError, match="expected"):
        certificate_facts(good.replace(b"260228235958Z", time))


@pytest.mark.parametrize("name", KEYS)
def test_the_public_key_in_a_private_key_is_that_of_its_certificate(name):
    key = KEYS[name]
    facts = certificate_facts(der(made(key=key)))
    forms = [serialization.PrivateFormat.PKCS8]
    if name != "Ed25519":
        forms.append(serialization.PrivateFormat.TraditionalOpenSSL)
    for form in forms:
        found = public_key_of(key.private_bytes(DER, form, PLAIN))
        # PKCS#8 of Ed25519 holds the secret alone.
        assert found == (None if name == "Ed25519" else facts.public_key)


def test_an_encrypted_key_shows_no_public_key():
    encrypted = serialization.BestAvailableEncryption(b"secret")
    assert public_key_of(EC_KEY.private_bytes(DER, serialization.PrivateFormat.PKCS8, encrypted)) is None


def test_certificates_are_found_in_pem_and_in_der():
    pem = LEAF.public_bytes(PEM)
    other = made(serial=7)
    both = b"# a comment\r\n" + pem + b"\nsubject=x\n" + other.public_bytes(PEM).replace(b"\n", b"\r\n")
    assert der_of(pem) == der_of(der(LEAF)) == [der(LEAF)]
    assert der_of(both) == der_of(der(LEAF) + der(other)) == [der(LEAF), der(other)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"garbage",
        b"-----BEGIN CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\nMII*\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\nM\n-----END CERTIFICATE-----\n",
        LEAF.public_bytes(PEM)[:-30],
        der(LEAF)[:-1],
        der(LEAF) + b"\x00",
    ],
)
def test_what_holds_no_certificate_is_refused(data):
    with pytest.raises(UsageError) as caught:
        der_of(data)
    assert caught.value.code == "bad_certificate_file"


def test_as_many_names_as_there_may_be_and_one_more():
    names = [x509.DNSName("n%d.local" % number) for number in range(MAX_NAMES + 1)]
    assert len(certificate_facts(der(made(names=names[1:]))).names) == MAX_NAMES
    with pytest.raises(UsageError, match="names"):
        certificate_facts(der(made(names=names)))


def test_a_certificate_beyond_all_measure_is_refused_unread():
    with pytest.raises(UsageError, match="65536"):
        certificate_facts(der(LEAF) + bytes(65536))


@pytest.mark.parametrize("name", [b"device\x00loca", b"device loca\n", b"device\xe9local"])
def test_a_name_with_a_byte_that_some_readers_stop_at_is_refused(name):
    good = der(LEAF)
    with pytest.raises(UsageError, match="DNS name"):
        certificate_facts(good.replace(b"\x82\x0cdevice.local", b"\x82\x0c" + name.ljust(12, b"\x00")))


def test_nothing_but_our_own_error_comes_out_whatever_byte_is_changed_or_cut():
    read, refused = certificates.survey(der(LEAF), certificates.facts_of)
    assert read > 1000
    assert refused > 1000
    for key in KEYS.values():
        certificates.survey(key.private_bytes(DER, serialization.PrivateFormat.PKCS8, PLAIN)[:400], certificates.key_of)


def test_a_cut_certificate_is_always_refused():
    good = der(LEAF)
    assert [at for at in range(len(good)) if not isinstance(certificates.facts_of(good[:at]), str)] == []


def questions():
    yield "facts", der(LEAF)
    yield (
        "facts",
        der(made(subject=named((NameOID.COMMON_NAME, "Gerät")), end=datetime.datetime(9999, 12, 31, tzinfo=UTC))),
    )
    yield "facts", der(made(key=KEYS["RSA"], serial=1 << 158))
    yield "facts", der(LEAF)[:-1]
    yield "files", LEAF.public_bytes(PEM) * 2
    yield "survey", der(LEAF)
    for key in KEYS.values():
        yield "key", key.private_bytes(DER, serialization.PrivateFormat.PKCS8, PLAIN)
    traditional = EC_KEY.private_bytes(DER, serialization.PrivateFormat.TraditionalOpenSSL, PLAIN)
    yield "key", traditional
    yield "keys", traditional


@pytest.mark.parametrize("fixture", ["micropython", "micropython32"])
def test_micropython_reads_and_refuses_the_same(fixture, request):
    asked = list(questions())
    environment = {**os.environ, "MICROPYPATH": ".frozen:%s:%s" % (ROOT / "src", ROOT / "tests")}
    command = [*request.getfixturevalue(fixture), str(ROOT / "tests" / "wire" / "certificates.py")]
    lines = "".join("%s %s\n" % (kind, data.hex()) for kind, data in asked)
    done = subprocess.run(command, env=environment, input=lines, capture_output=True, encoding="utf-8", timeout=110)
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr
    theirs = [json.loads(line) for line in done.stdout.splitlines()]
    assert theirs == [json.loads(json.dumps(certificates.answer(*question))) for question in asked]
