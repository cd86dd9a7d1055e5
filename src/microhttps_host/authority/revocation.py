"""The list of revoked certificates (CRL, RFC 5280 section 5), `ca.crl`, made from the record.

`Trust.load("ca.crt", crl="ca.crl")`, OpenSSL, nginx and curl read it. Browsers ask nobody about a local authority's
certificates, and Mbed TLS under MicroPython reads no list: there a certificate ends when it expires. Layer 11.
"""

import datetime
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ..certificates import UNREADABLE
from .authority import BEGINS_BEFORE, Authority
from .key_kinds import PrivateKey, hash_for
from .record import Entry, Record
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
    vault: Vault, authority: Authority, key: PrivateKey, record: Record, now: datetime.datetime,
    revoked: Sequence[Entry] = (), reason: str = "unspecified",
) -> tuple[Path, datetime.datetime]:  # fmt: skip
    """Write the list anew, with these revoked now; its path and when it must be followed by another.

    The record says that they are revoked when the list does, and not before.
    """
    theirs = authority.certificate
    identifier = theirs.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    follows = min(now + LIST_LIFETIME, theirs.not_valid_after_utc)
    builder = (
        x509.CertificateRevocationListBuilder(theirs.subject, max(now - BEGINS_BEFORE, theirs.not_valid_before_utc),
                                              follows)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .add_extension(x509.CRLNumber(record.next_list_number(now)), critical=False)
    )  # fmt: skip
    for entry in _revoked_so_far(authority, record, now):
        builder = builder.add_revoked_certificate(_revoked(entry, entry.revoked or now, entry.reason))
    for entry in revoked:
        builder = builder.add_revoked_certificate(_revoked(entry, now, reason))
    content = builder.sign(key, hash_for(key)).public_bytes(Encoding.PEM)
    with vault.writing((REVOCATION_LIST, content, PUBLIC)):
        if revoked:
            record.revoke([entry.serial for entry in revoked], reason, now)
    return vault.path(REVOCATION_LIST), follows


def maybe_renew_list(vault: Vault, authority: Authority, key: PrivateKey, record: Record, now: datetime.datetime
                     ) -> None:  # fmt: skip
    """Write the list anew when it is of no use, not all that it should be, or its time is half over."""
    if not is_complete(vault, authority, key, record, now):
        write_list(vault, authority, key, record, now)


def is_complete(vault: Vault, authority: Authority, key: PrivateKey, record: Record, now: datetime.datetime) -> bool:
    """Whether the list there is has all that are revoked, is this authority's, and will do for a while."""
    try:
        there = x509.load_pem_x509_crl(vault.find(REVOCATION_LIST) or b"")
        is_ours = there.is_signature_valid(key.public_key())
    except UNREADABLE:
        return False
    follows = there.next_update_utc
    missing = {entry.certificate.serial_number for entry in _revoked_so_far(authority, record, now)}
    missing -= {revoked.serial_number for revoked in there}
    return is_ours and not missing and follows is not None and follows - now > LIST_LIFETIME / 2


def _revoked_so_far(authority: Authority, record: Record, now: datetime.datetime) -> list[Entry]:
    return [entry for entry in record.entries() if entry.revoked and entry.authority == authority.identifier
            and entry.certificate.not_valid_after_utc > now]  # fmt: skip


def _revoked(entry: Entry, when: datetime.datetime, reason: str | None) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder(entry.certificate.serial_number, when)
    flag = REASONS.get(reason or "", x509.ReasonFlags.unspecified)
    if flag is not x509.ReasonFlags.unspecified:  # which is to be left out (section 5.3.1)
        builder = builder.add_extension(x509.CRLReason(flag), critical=False)
    return builder.build()
