"""What a peer's certificate says, made out when somebody asks: a Session's `tls` looks here. Layer 5."""

from binascii import hexlify


def peer_fact(certificate, name):
    """`peer_names`, `peer_common_name`, `peer_serial` or `fingerprint` of a certificate (DER or None)."""
    if certificate is None:
        return [] if name == "peer_names" else None
    if name == "fingerprint":
        import hashlib

        return hexlify(hashlib.sha256(certificate).digest()).decode()
    from ..port import system
    from ..wire.x509 import certificate_facts

    facts = certificate_facts(certificate)
    system.drop("wire.x509", "wire.der")
    if name == "peer_serial":
        return facts.serial
    if name == "peer_names":
        # Only one who has no subjectAltName is known by the common name: a certificate that has both names its
        # holder in the former (RFC 6125 section 6.4.4).
        return facts.names + facts.addresses or ([facts.common_name] if facts.common_name else [])
    return facts.common_name
