"""The local authority: an own CA, and the certificate of this machine's servers that it signs.

Made to be accepted by the strictest we know: `openssl verify -x509_strict`, Python's VERIFY_X509_STRICT, Chromium and
Apple's rules. The key is read, used and forgotten; what is kept is in the vault. Knows no sockets. Layer 11.
"""

import datetime
import getpass
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from microhttps.errors import UsageError

from .identity_names import subject_name, text_of
from .vault import PUBLIC, SECRET, Vault

AUTHORITY_LIFETIME = datetime.timedelta(days=3650)
# The longest that browsers take from a public authority (CA/Browser Forum, baseline requirements 6.3.2, since 2020).
SERVER_LIFETIME = datetime.timedelta(days=397) - datetime.timedelta(seconds=1)
# A certificate this close to its end is replaced when it is next wanted.
RENEWED_BEFORE = datetime.timedelta(days=30)
# A board's clock may be behind ours.
BEGINS_BEFORE = datetime.timedelta(days=1)
MAX_COMMON_NAME = 64  # RFC 5280, appendix A.1, ub-common-name

CA_CERTIFICATE, CA_KEY = "ca.crt", "ca.key"
SERVER_CERTIFICATE, SERVER_KEY = "server.crt", "server.key"


@dataclass(frozen=True)
class Issued:
    """The files of an identity, and what to tell about them."""

    certificate: Path
    key: Path
    authority: Path
    names: tuple[str, ...]
    expires: datetime.datetime
    authority_expires: datetime.datetime
    is_new: bool
    is_new_authority: bool


def server_identity(vault: Vault, names: Sequence[str]) -> Issued:
    """The certificate of this machine's servers for `names`: the one there is, or a new one when that will not do.

    Makes the authority first if there is none. Raises UsageError: "bad_name", "state_unusable", "authority_damaged".
    """
    subjects = [subject_name(name) for name in names]
    now = datetime.datetime.now(datetime.timezone.utc)
    with vault.locked():
        is_new_authority = vault.find(CA_CERTIFICATE) is None and vault.find(CA_KEY) is None
        authority = _make_authority(vault, now) if is_new_authority else _open_authority(vault, now)
        certificate = _find_usable(vault, authority, subjects, now)
        is_new = certificate is None
        if certificate is None:
            certificate = _issue(vault, authority, subjects, now)
    return Issued(
        vault.path(SERVER_CERTIFICATE), vault.path(SERVER_KEY), vault.path(CA_CERTIFICATE),
        tuple(text_of(subject) for subject in subjects),
        certificate.not_valid_after_utc, authority.certificate.not_valid_after_utc, is_new, is_new_authority,
    )  # fmt: skip


def find_authority_file(vault: Vault) -> Path | None:
    """The local authority's certificate if there is one here; makes nothing."""
    path = vault.path(CA_CERTIFICATE)
    return path if path.is_file() else None


@dataclass(frozen=True)
class _Authority:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def _make_authority(vault: Vault, now: datetime.datetime) -> _Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _authority_name(now)
    begins = now - BEGINS_BEFORE
    public = key.public_key()
    certificate = (
        x509.CertificateBuilder(name, name, public, x509.random_serial_number(), begins, begins + AUTHORITY_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    vault.write(CA_KEY, _pem_of_key(key), SECRET)
    try:
        vault.write(CA_CERTIFICATE, certificate.public_bytes(serialization.Encoding.PEM), PUBLIC)
    except BaseException:  # a key that was never anybody's would look like half an authority; re-raised
        vault.path(CA_KEY).unlink(missing_ok=True)
        raise
    return _Authority(certificate, key)


def _open_authority(vault: Vault, now: datetime.datetime) -> _Authority:
    """The authority there is; raises UsageError("authority_damaged") rather than make another in its place."""
    pem, key_pem = vault.find(CA_CERTIFICATE), vault.find(CA_KEY)
    if pem is None or key_pem is None:
        there, gone = (CA_CERTIFICATE, CA_KEY) if pem else (CA_KEY, CA_CERTIFICATE)
        raise _damaged(vault, f"{there} is there and {gone} is not")
    if vault.is_exposed(CA_KEY):
        raise _damaged(vault, f"others may read {CA_KEY}; if nobody did: chmod 600 {vault.path(CA_KEY)}")
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        key = serialization.load_pem_private_key(key_pem, password=None)
    except (ValueError, TypeError) as error:
        raise _damaged(vault, f"cannot be read ({str(error).splitlines()[0]})") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise _damaged(vault, f"{CA_KEY} is not the key of {CA_CERTIFICATE}")
    if certificate.not_valid_after_utc - now < RENEWED_BEFORE:
        raise _damaged(vault, f"it ends on {certificate.not_valid_after_utc:%Y-%m-%d}")
    return _Authority(certificate, key)


def _find_usable(
    vault: Vault, authority: _Authority, subjects: Sequence[x509.GeneralName], now: datetime.datetime
) -> x509.Certificate | None:
    """The server's certificate unless it ends soon, is for other names, of another authority or of another key."""
    pem, key_pem = vault.find(SERVER_CERTIFICATE), vault.find(SERVER_KEY)
    if pem is None or key_pem is None or vault.is_exposed(SERVER_KEY):
        return None
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        key = serialization.load_pem_private_key(key_pem, password=None)
        certificate.verify_directly_issued_by(authority.certificate)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return None
    is_good = (
        certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEWED_BEFORE
        and set(names) == set(subjects)
        and key.public_key() == certificate.public_key()
    )
    return certificate if is_good else None


def _issue(
    vault: Vault, authority: _Authority, subjects: Sequence[x509.GeneralName], now: datetime.datetime
) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key()
    their = authority.certificate
    identifier = their.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text_of(subjects[0])[:MAX_COMMON_NAME])])
    begins = max(now - BEGINS_BEFORE, their.not_valid_before_utc)
    ends = min(begins + SERVER_LIFETIME, their.not_valid_after_utc)
    certificate = (
        x509.CertificateBuilder(their.subject, name, public, x509.random_serial_number(), begins, ends)
        .add_extension(x509.SubjectAlternativeName(subjects), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    vault.write(SERVER_KEY, _pem_of_key(key), SECRET)
    vault.write(SERVER_CERTIFICATE, certificate.public_bytes(serialization.Encoding.PEM), PUBLIC)
    return certificate


def _authority_name(now: datetime.datetime) -> x509.Name:
    """Says whose it is and since when, for whoever finds it in a list of authorities."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "somebody"
    whose = f"{user}@{socket.gethostname()}"[:30]
    text = f"microhttps local CA of {whose} {now:%Y-%m-%d}"[:MAX_COMMON_NAME]
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "microhttps"), x509.NameAttribute(NameOID.COMMON_NAME, text)]
    )


def _key_usage(
    *, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature, key_cert_sign=key_cert_sign, crl_sign=crl_sign,
        content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _pem_of_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _damaged(vault: Vault, why: str) -> UsageError:
    return UsageError(
        "authority_damaged",
        f"the local authority in {vault.folder} is of no use: {why}; bring {CA_CERTIFICATE} and {CA_KEY} back "
        "from a copy, or move both away and a new one is made (and must be trusted anew)",
    )
