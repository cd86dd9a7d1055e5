"""Lists of what an authority has revoked, made for the tests."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes

DAY = datetime.timedelta(days=1)


def make_list(authority, revoked, begins=-1, ends=1):
    """The list of an authority (harness.certificates.Made) with these certificates, valid for those days from now."""
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.certificate.subject)
    builder = builder.last_update(now + begins * DAY).next_update(now + ends * DAY)
    for certificate in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(now)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(authority.key, hashes.SHA256())
