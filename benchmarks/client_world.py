"""What clients are measured against: an nginx under an authority of this run, which is in a store of all public roots.

A self-signed certificate would do for curl, but not for two passes over a store of roots.
"""

import datetime
import ipaddress
import time
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from microhttps_host.root_store import public_certificates, store_of

from .certificate import Files

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class World:
    """Paths: the server's files, the authority (PEM and DER), the store of all roots, and the folder of them in DER."""

    files: Files
    authority: Path
    authority_der: Path
    store: Path
    roots: Path


def make_world(folder: Path) -> World:
    """Make the authority, the server's certificate and the store of the public roots with that authority."""
    key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _certificate("an authority", key, key, None)
    server = _certificate("localhost", server_key, key, authority)
    names = ("site.crt", "site.key", "site.crt.der", "site.key.der", "authority.crt", "authority.der", "roots.bin")
    certificate, own_key, certificate_der, key_der, pem, der, store = (folder / name for name in names)
    certificate.write_bytes(server.public_bytes(serialization.Encoding.PEM))
    certificate_der.write_bytes(server.public_bytes(serialization.Encoding.DER))
    for path, encoding in ((own_key, serialization.Encoding.PEM), (key_der, serialization.Encoding.DER)):
        form = serialization.PrivateFormat.TraditionalOpenSSL
        path.write_bytes(server_key.private_bytes(encoding, form, serialization.NoEncryption()))
    pem.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    der.write_bytes(authority.public_bytes(serialization.Encoding.DER))
    everyone = [*public_certificates(), authority]
    store.write_bytes(store_of(everyone, int(time.time())))
    roots = folder / "roots"
    roots.mkdir()
    for number, root in enumerate(everyone):
        (roots / f"{number:03}.der").write_bytes(root.public_bytes(serialization.Encoding.DER))
    return World(Files(certificate, own_key, certificate_der, key_der), pem, der, store, roots)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    is_authority = issuer is None
    others = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
         "decipher_only"), False)  # fmt: skip
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=is_authority, crl_sign=is_authority, **others
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + 7 * DAY)
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(usage, critical=True)
    )
    if issuer:
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())
