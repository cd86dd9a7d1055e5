"""The list of revoked certificates (CRL, RFC 5280 section 5), `ca.crl`, made from the record.

`Trust.load("ca.crt", crl="ca.crl")`, OpenSSL, nginx and curl read it. Browsers ask nobody about a local authority's
certificates, and Mbed TLS under MicroPython reads no list: there a certificate ends when it expires. Layer 11.
"""

import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from .authority import BEGINS_BEFORE, Authority
from .key_kinds import PrivateKey, hash_for
from .record import Record
from .vault import PUBLIC, Vault

REVOCATION_LIST = "ca.crl"
# As long as a certificate: whoever renews those in time renews the list in time, too.
LIST_LIFETIME = datetime.timedelta(days=397)
# The words for RFC 5280 section 5.3.1 that make sense here.
REASONS = {
    "unspecified": x509.ReasonFlags.unspecified,
    "key-compromise": x509.ReasonFlags.key_compromise,
    "superseded": x509.ReasonFlags.superseded,
    "cessation": x509.ReasonFlags.cessation_of_operation,
}


def write_list(
    vault: Vault, authority: Authority, key: PrivateKey, record: Record, now: datetime.datetime
) -> tuple[Path, datetime.datetime]:
    """Write the list anew; its path and when it must be followed by another."""
    theirs = authority.certificate
    identifier = theirs.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    follows = min(now + LIST_LIFETIME, theirs.not_valid_after_utc)
    builder = (
        x509.CertificateRevocationListBuilder(theirs.subject, max(now - BEGINS_BEFORE, theirs.not_valid_before_utc),
                                              follows)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .add_extension(x509.CRLNumber(record.next_list_number(now)), critical=False)
    )  # fmt: skip
    for entry in record.entries():
        certificate = entry.certificate
        if entry.revoked and entry.authority == authority.identifier and certificate.not_valid_after_utc > now:
            builder = builder.add_revoked_certificate(_revoked(certificate, entry.revoked, entry.reason))
    content = builder.sign(key, hash_for(key)).public_bytes(Encoding.PEM)
    return vault.write(REVOCATION_LIST, content, PUBLIC), follows


def maybe_renew_list(vault: Vault, authority: Authority, key: PrivateKey, record: Record, now: datetime.datetime
                     ) -> None:  # fmt: skip
    """Write the list anew when it is of another authority, of no use, or its time is half over."""
    try:
        there = x509.load_pem_x509_crl(vault.find(REVOCATION_LIST) or b"")
        is_ours = there.is_signature_valid(key.public_key())
        follows = there.next_update_utc
    except (ValueError, TypeError):
        is_ours, follows = False, None
    if not is_ours or follows is None or follows - now < LIST_LIFETIME / 2:
        write_list(vault, authority, key, record, now)


def _revoked(
    certificate: x509.Certificate, when: datetime.datetime, reason: str | None
) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder(certificate.serial_number, when)
    flag = REASONS.get(reason or "", x509.ReasonFlags.unspecified)
    if flag is not x509.ReasonFlags.unspecified:  # which is to be left out (section 5.3.1)
        builder = builder.add_extension(x509.CRLReason(flag), critical=False)
    return builder.build()
