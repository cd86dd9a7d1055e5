"""Makes the store of public roots that a board and a computer read in place (its form: `microhttps.roots`).

Takes whole certificates and keeps of each what a TLS library needs of an anchor. Decides nothing about trust: whoever
is given is in. Layer 11.
"""

import hashlib
import struct
from binascii import unhexlify
from collections.abc import Iterable
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from microhttps.credentials.roots_directory import strict_anchor
from microhttps.errors import UsageError
from microhttps.roots import ENTRY, HEADER, LENGTHS, MAGIC, Root
from microhttps.wire.der import OBJECT, SEQUENCE, SET, Reader
from microhttps.wire.der_writing import encode

from .certificates import old_serial_numbers, read_certificates

UTF8_STRING = 0x0C
# How to read the kinds of string whose spelling OpenSSL evens out before it hashes a name (crypto/x509/x_name.c).
CODINGS = {0x0C: "utf-8", 0x13: "latin-1", 0x14: "latin-1", 0x16: "latin-1", 0x1A: "latin-1", 0x1C: "utf-32-be",
           0x1E: "utf-16-be"}  # fmt: skip
# The store that the package brings.
SHIPPED = Path(__file__).parents[1] / "microhttps" / "roots.bin"


def public_certificates(source: Path | None = None) -> list[x509.Certificate]:
    """The certificates of a file, PEM or one in DER, by default Mozilla's as certifi has them; raises UsageError."""
    return read_certificates(source or Path(certifi.where()))


def anchor_of(root: Root) -> x509.Certificate:
    """The certificate that stands for a root."""
    with old_serial_numbers():
        return x509.load_der_x509_certificate(strict_anchor(root))


def store_of(certificates: Iterable[x509.Certificate], built: int) -> bytes:
    """The bytes of a store with these roots, built at that moment (seconds since 1970).

    Raises UsageError("not_an_authority") for a certificate that cannot be a root.
    """
    different = {certificate.fingerprint(SHA256()): certificate for certificate in certificates}
    roots = sorted((_key(certificate), _record(certificate)) for certificate in different.values())
    index, texts = b"", b""
    start = HEADER + ENTRY * len(roots)
    for key, record in roots:
        index += key + struct.pack(">I", start + len(texts))
        texts += record
    numbers = struct.pack(">II", built, len(roots))
    digest = hashlib.sha256(numbers + index + texts).digest()
    return MAGIC + numbers + digest + index + texts


def certificate_of(root: Root) -> x509.Certificate | None:
    """The whole certificate of a root, None where certifi does not have it (any more)."""
    for certificate in public_certificates():
        if certificate.subject.public_bytes() == root.subject and _spki(certificate) == root.spki:
            return certificate
    return None


def described(name: x509.Name) -> str:
    """What to call whoever has this name: the common name, else the smallest unit, else all of it."""
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME):
        for found in name.get_attributes_for_oid(kind):
            return str(found.value)
    return name.rfc4514_string()


def name_hash(subject: bytes) -> bytes:
    """What OpenSSL names the file of a certificate with this subject (DER) by in a hashed directory: four bytes."""
    canonical = b""
    names = Reader(subject, 0, len(subject)).take(SEQUENCE)
    while names.tag() != -1:
        parts, pairs = names.take(SET), []
        while parts.tag() != -1:
            pair = parts.take(SEQUENCE)
            kind = pair.take_whole(OBJECT)
            tag, value = pair.take_any()
            pairs.append(encode(SEQUENCE, kind, _evened(tag, value.bytes())))
        canonical += encode(SET, *sorted(pairs))
    return hashlib.sha1(canonical, usedforsecurity=False).digest()[:4][::-1]


def _evened(tag: int, value: bytes) -> bytes:
    if tag in CODINGS:
        # Only ASCII is made lower, and only ASCII's spaces are spaces: bytes.lower and bytes.split do just that.
        tag, value = UTF8_STRING, b" ".join(value.decode(CODINGS[tag]).encode().lower().split())
    return bytes(encode(tag, value))


def _key(certificate: x509.Certificate) -> bytes:
    return hashlib.sha256(certificate.subject.public_bytes()).digest()[:4]


def _spki(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _record(certificate: x509.Certificate) -> bytes:
    subject = certificate.subject.public_bytes()
    spki = _spki(certificate)
    with old_serial_numbers():
        number = certificate.serial_number
    serial = number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True)
    identifier = _identifier(certificate)
    expiry = unhexlify(certificate.not_valid_after_utc.strftime("%Y%m%d%H%M%S"))
    lengths = struct.pack(LENGTHS, len(subject), len(spki), len(serial), len(identifier))
    return expiry + name_hash(subject) + lengths + subject + spki + serial + identifier


def _identifier(certificate: x509.Certificate) -> bytes:
    """Its key identifier, b"" for the usual one, which follows from the key (RFC 5280 section 4.2.1.2)."""
    extensions = certificate.extensions
    try:
        if not extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            raise UsageError("not_an_authority", certificate=certificate.subject.rfc4514_string())
    except x509.ExtensionNotFound:
        pass  # version 1: the oldest roots
    usual = x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest
    try:
        identifier = extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return b""
    return b"" if identifier == usual else identifier
