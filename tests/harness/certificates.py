"""A range of certificates, good and bad, made anew for each run of the tests.

Every name below is a pair of files NAME.crt and NAME.key (PEM) and NAME.crt.der and NAME.key.der.

    ca                 the authority the tests trust                 stranger-ca    one nobody trusts
    good               localhost, 127.0.0.1, ::1                     rsa            the same with an RSA-2048 key
    chain              the same, by an intermediate (in the file)    unknown        the same, by stranger-ca
    self-signed        the same, by itself                           wrong-name     elsewhere.example
    name-only          localhost and no address                      address-only   127.0.0.1 and no name
    expired            ended yesterday                               not-yet-valid  begins tomorrow
    wildcard           *.localhost
    mismatch           good's certificate with another key
    other-name         second.example, *.wild.example

For clients (clientAuth; `good` is one that may not be shown by a client):

    client             alice, alice.example      client-chain           the same, by an intermediate
    client-other       bob, without other names  client-unknown         the same, by stranger-ca
    client-expired     ended yesterday           client-not-yet-valid   begins tomorrow
    client-self-signed the same, by itself
    client-forged      says it is by ca, and ca is in the file, but another key has signed it
    client-forged-chain the same, for the intermediate

Not certificates: garbage (600 bytes of noise), empty, cut (half of good's PEM), and text.
"""

import datetime
import hashlib
import ipaddress
import random

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)
TODAY = datetime.datetime.now(datetime.timezone.utc)  # of the whole run, which may go on past midnight
HERE = ("localhost", "127.0.0.1", "::1")
GARBAGE = ("garbage", "empty", "cut", "text")
NOISE = random.Random(600).randbytes(600)  # the same in every run
# The same in each run: of all that chance may give, some begins as a certificate does.
NOISE = random.Random(600).randbytes(600)


class Made:
    """A certificate with its key and those of its issuers that go with it."""

    def __init__(self, certificate, key, issuers=()):
        self.certificate = certificate
        self.key = key
        self.issuers = list(issuers)


def make_all(folder):
    """Write the whole range into the folder."""
    authority = make("microhttps tests", is_authority=True)
    stranger = make("a stranger", is_authority=True)
    intermediate = make("microhttps tests, intermediate", issuer=authority, is_authority=True)
    good = make("localhost", HERE, authority)
    write(folder, "ca", authority)
    write(folder, "stranger-ca", stranger)
    write(folder, "good", good)
    rsa_key = rsa.generate_private_key(65537, 2048)
    write(folder, "rsa", make("localhost", HERE, authority, key=rsa_key, instead=[(key_usage(False, True), True)]))
    chain = make("localhost", HERE, intermediate)
    write(folder, "chain", Made(chain.certificate, chain.key, [intermediate.certificate]))
    write(folder, "unknown", make("localhost", HERE, stranger))
    write(folder, "self-signed", make("localhost", HERE))
    write(folder, "wrong-name", make("elsewhere.example", ("elsewhere.example",), authority))
    write(folder, "name-only", make("localhost", ("localhost",), authority))
    write(folder, "address-only", make("an address", ("127.0.0.1",), authority))
    write(folder, "wildcard", make("wildcard", ("*.localhost",), authority))
    write(folder, "expired", make("localhost", HERE, authority, begins=-30, ends=-1))
    write(folder, "not-yet-valid", make("localhost", HERE, authority, begins=1, ends=30))
    write(folder, "other-name", make("second", ("second.example", "*.wild.example"), authority))
    write_clients(folder, authority, stranger, intermediate)
    write(folder, "mismatch", Made(good.certificate, ec.generate_private_key(ec.SECP256R1())))
    write_garbage(folder)


def write_clients(folder, authority, stranger, intermediate):
    """The certificates that clients show."""

    def client(issuer, name="alice", names=("alice.example",), **dates):
        return make(name, names, issuer, usage=ExtendedKeyUsageOID.CLIENT_AUTH, **dates)

    write(folder, "client", client(authority))
    write(folder, "client-other", client(authority, "bob", ()))
    chain = client(intermediate)
    write(folder, "client-chain", Made(chain.certificate, chain.key, [intermediate.certificate]))
    write(folder, "client-unknown", client(stranger))
    for name, victim in (("client-forged", authority), ("client-forged-chain", intermediate)):
        forged = client(Made(victim.certificate, stranger.key))
        write(folder, name, Made(forged.certificate, forged.key, [victim.certificate]))
    write(folder, "client-self-signed", client(None))
    write(folder, "client-expired", client(authority, begins=-30, ends=-1))
    write(folder, "client-not-yet-valid", client(authority, begins=1, ends=30))


def make(common_name, names=(), issuer=None, is_authority=False, key=None, begins=-1, ends=90,
         usage=ExtendedKeyUsageOID.SERVER_AUTH, instead=(), digest=None, **signing):
    """A certificate as a good authority makes them (RFC 5280), valid from and until so many days from now.

    What is wanted otherwise: `instead`, pairs (extension, whether critical) that replace the one of that kind or are
    added; `digest` and what else `sign` takes.
    """
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(TODAY + begins * DAY)
        .not_valid_after(TODAY + ends * DAY)
    )
    extensions = usual_extensions(key.public_key(), names, issuer, is_authority, usage)
    kinds = [extension.oid for extension, _ in instead]
    for extension, is_critical in [pair for pair in extensions if pair[0].oid not in kinds] + list(instead):
        builder = builder.add_extension(extension, critical=is_critical)
    return Made(builder.sign((issuer or Made(None, key)).key, digest or digest_for(issuer, key), **signing), key)


def digest_for(issuer, key):
    """Ed25519 has its own."""
    is_edwards = isinstance(issuer.key if issuer else key, ed25519.Ed25519PrivateKey)
    return None if is_edwards else hashes.SHA256()


def usual_extensions(public_key, names, issuer, is_authority, usage):
    """Pairs (extension, whether it is critical)."""
    shown_key = issuer.certificate.public_key() if issuer else public_key
    extensions = [
        (x509.BasicConstraints(is_authority, None), True),
        (x509.SubjectKeyIdentifier.from_public_key(public_key), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(shown_key), False),
        (key_usage(is_authority), True),
    ]
    if names:
        extensions.append((x509.SubjectAlternativeName([general_name(name) for name in names]), False))
    if names or usage == ExtendedKeyUsageOID.CLIENT_AUTH:
        extensions.append((x509.ExtendedKeyUsage([usage]), False))
    return extensions


def key_usage(is_authority, may_encipher=False):
    chosen = dict.fromkeys(
        ("content_commitment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False)
    return x509.KeyUsage(digital_signature=True, key_cert_sign=is_authority, crl_sign=is_authority,
                         key_encipherment=may_encipher, **chosen)


def general_name(name):
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def write(folder, name, made):
    pem, der = serialization.Encoding.PEM, serialization.Encoding.DER
    chain = b"".join(certificate.public_bytes(pem) for certificate in [made.certificate, *made.issuers])
    (folder / f"{name}.crt").write_bytes(chain)
    (folder / f"{name}.crt.der").write_bytes(made.certificate.public_bytes(der))
    for end, encoding in ((".key", pem), (".key.der", der)):
        (folder / (name + end)).write_bytes(key_bytes(made.key, encoding))
        (folder / (name + end)).chmod(0o600)


def key_bytes(key, encoding):
    return key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def write_garbage(folder):
    pem = (folder / "good.crt").read_bytes()
    for name, content in zip(GARBAGE, (NOISE, b"", pem[: len(pem) // 2], b"this is no certificate\n")):
        (folder / f"{name}.crt").write_bytes(content)
        (folder / f"{name}.key").write_bytes(content)


def fingerprint(folder, name):
    """The SHA-256 fingerprint of a certificate of the range, in hexadecimal."""
    return hashlib.sha256((folder / f"{name}.crt.der").read_bytes()).hexdigest()
