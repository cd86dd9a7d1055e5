"""A self-signed P-256 certificate for localhost, made for one run and thrown away with its folder.

Every server of a comparison gets the same one. PEM is for computers; the DER twins are what a board holds.
"""

import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Files:
    """Paths of the certificate and its key, as PEM and as DER."""

    certificate: Path
    key: Path
    certificate_der: Path
    key_der: Path


def write_certificate(folder: Path) -> Files:
    """Make a key and a certificate for localhost and 127.0.0.1 in this folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _sign(key)
    files = Files(*(folder / name for name in ("server.crt", "server.key", "server.crt.der", "server.key.der")))
    files.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files.key.write_bytes(_key_bytes(key, serialization.Encoding.PEM))
    files.certificate_der.write_bytes(certificate.public_bytes(serialization.Encoding.DER))
    files.key_der.write_bytes(_key_bytes(key, serialization.Encoding.DER))
    return files


def _sign(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=7))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )


def _key_bytes(key: ec.EllipticCurvePrivateKey, encoding: serialization.Encoding) -> bytes:
    # SEC 1 form: the shortest, and the only one every build of MicroPython's TLS library reads.
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(encoding, form, serialization.NoEncryption())
