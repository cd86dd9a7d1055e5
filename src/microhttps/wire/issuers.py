"""Who has signed a certificate, by name; apart from `x509`, which reads the rest, and is six times as long. Layer 2."""

from .der import INTEGER, SEQUENCE, Reader


def issuer_of(certificate):
    """The issuer (DER) of a certificate (DER), RFC 5280 section 4.1; raises UsageError."""
    fields = Reader(certificate, 0, len(certificate)).take(SEQUENCE).take(SEQUENCE)
    if fields.tag() == 0xA0:
        fields.take(0xA0)
    fields.take(INTEGER)
    fields.take(SEQUENCE)
    return fields.take_whole(SEQUENCE)
