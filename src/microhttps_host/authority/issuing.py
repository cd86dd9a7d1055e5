"""Certificates for servers and clients, signed by the local authority: from names and a public key to a certificate.

Made to be accepted by the strictest we know: `openssl verify -x509_strict`, Python's VERIFY_X509_STRICT, Chromium,
Apple's rules and Mbed TLS; `lint_rules` has them all. Reads and writes no files. Layer 11.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from microhttps.errors import UsageError

from .authority import BEGINS_BEFORE, MAX_COMMON_NAME, Authority, key_usage
from .constraints import constraints_of, is_permitted, written
from .identity_names import subject_name, text_of
from .key_kinds import PrivateKey, PublicKey, hash_for

# The longest that browsers took from a public authority while 398 days were the limit (CA/Browser Forum, baseline
# requirements 6.3.2); of a local authority Apple takes 825 (HT210176), and nobody else asks.
LIFETIME = datetime.timedelta(days=397) - datetime.timedelta(seconds=1)
USAGES: dict[str, list[ObjectIdentifier]] = {
    "server": [ExtendedKeyUsageOID.SERVER_AUTH],
    "client": [ExtendedKeyUsageOID.CLIENT_AUTH],
    "both": [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH],
}


@dataclass(frozen=True)
class Wanted:
    """Whom a certificate shall be for (`names`; none for a client that has but a `common_name`), and its use."""

    names: tuple[x509.GeneralName, ...]
    common_name: str
    usage: str


def wanted_for(texts: Sequence[str], usage: str, constraints: x509.NameConstraints | None) -> Wanted:
    """What people wrote, as it will stand in the certificate.

    A client may be called as one likes: a first name that no host has becomes the common name. Raises UsageError:
    "bad_name", and "not_permitted" for what the authority may not vouch for.
    """
    if usage == "client" and len(texts) == 1 and not _is_host(texts[0]):
        return Wanted((), _person(texts[0]), usage)
    names = tuple(dict.fromkeys(subject_name(text) for text in texts))
    outside = [text_of(name) for name in names if not is_permitted(name, constraints)]
    if outside:
        raise _not_permitted(outside, constraints)
    return Wanted(names, common_name_for(names), usage)


def wanted_in(certificate: x509.Certificate) -> Wanted:
    """What a certificate is for, so that another can be made like it."""
    extensions = certificate.extensions
    try:
        names = tuple(extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    except x509.ExtensionNotFound:
        names = ()
    used = set(extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    usage = next(name for name, purposes in USAGES.items() if set(purposes) == used)
    common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Wanted(names, str(common[0].value) if common else "", usage)


def check_permitted(wanted: Wanted, authority: x509.Certificate) -> None:
    """Raises UsageError("not_permitted") when the authority may not (any more) vouch for these names."""
    constraints = constraints_of(authority)
    outside = [text_of(name) for name in wanted.names if not is_permitted(name, constraints)]
    if outside:
        raise _not_permitted(outside, constraints)


def common_name_for(names: Sequence[x509.GeneralName]) -> str:
    """The first host name. Of addresses alone it is no name: OpenSSL would hold it to the constraints as one."""
    hosts = [text_of(name) for name in names if isinstance(name, x509.DNSName)]
    return (hosts[0] if hosts else f"device at {text_of(names[0])}")[:MAX_COMMON_NAME]


def make_certificate(
    authority: Authority, signing: PrivateKey, public: PublicKey, wanted: Wanted, now: datetime.datetime
) -> x509.Certificate:
    """A certificate for this public key, valid for as long as everybody takes it and the authority lives."""
    theirs = authority.certificate
    identifier = theirs.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, wanted.common_name)])
    begins = max(now - BEGINS_BEFORE, theirs.not_valid_before_utc)
    ends = min(begins + LIFETIME, theirs.not_valid_after_utc)
    # RSA without ephemeral keys (TLS 1.2 of old devices) encrypts with the key itself.
    usage = key_usage(digital_signature=True, key_encipherment=isinstance(public, rsa.RSAPublicKey))
    builder = (
        x509.CertificateBuilder(theirs.subject, name, public, x509.random_serial_number(), begins, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage(USAGES[wanted.usage]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
    )
    if wanted.names:
        builder = builder.add_extension(x509.SubjectAlternativeName(wanted.names), critical=False)
    return builder.sign(signing, hash_for(signing))


def _is_host(text: str) -> bool:
    """Whether it is an address or a name with a dot: those mean a host, and are held to the constraints."""
    try:
        name = subject_name(text)
    except UsageError:
        return False
    return not isinstance(name, x509.DNSName) or "." in name.value


def _person(text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text) > MAX_COMMON_NAME:
        raise UsageError("bad_name", f"not a name for a client: {text!r} (1 to {MAX_COMMON_NAME} printable characters)")
    return text


def _not_permitted(outside: Sequence[str], constraints: x509.NameConstraints | None) -> UsageError:
    trees = (constraints.permitted_subtrees or ()) if constraints else ()
    permitted = ", ".join(written(tree) for tree in trees)
    are = "is" if len(outside) == 1 else "are"
    return UsageError("not_permitted", f"{', '.join(outside)} {are} not within {permitted}")
