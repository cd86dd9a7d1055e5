"""Certificates of anybody, PEM or DER, read whole: `cryptography` reads a field when it is asked for, and fails then.

The one way of the host tools to read a file of them. Layer 11.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.utils import CryptographyDeprecationWarning

from microhttps.errors import UsageError

PEM = b"-----BEGIN "
# What the library says of a certificate that it cannot read, or only in part: of a kind that no TLS library has either.
# KeyError: a name is a string of a kind that it does not know; TypeError: of one that this part of a name may not be.
UNREADABLE = (ValueError, KeyError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension,
              x509.UnsupportedGeneralNameType)  # fmt: skip


def read_certificates(path: Path) -> list[x509.Certificate]:
    """All certificates of a file, in its order; raises UsageError("bad_certificate_file")."""
    return certificates_in(read_file(path), path)


def certificates_in(content: bytes, path: Path) -> list[x509.Certificate]:
    """The same of its content, PEM or one in DER."""
    try:
        with old_serial_numbers():
            found = (x509.load_pem_x509_certificates(content) if PEM in content
                     else [x509.load_der_x509_certificate(content)])  # fmt: skip
            return [readable(certificate) for certificate in found]
    except UNREADABLE as error:
        why = (str(error).splitlines() or [""])[0]
        raise UsageError("bad_certificate_file", f"{path}: {why}", cause=error, certificate=str(path)) from None


def read_file(path: Path) -> bytes:
    """What is in a file of certificates or of a key; raises UsageError("bad_certificate_file")."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError("bad_certificate_file", cause=error, file=str(path)) from None


def readable(certificate: x509.Certificate) -> x509.Certificate:
    """The certificate; everything of it is read when it is asked for, so ask here, that it fails here: UNREADABLE."""
    for name in ("extensions", "subject", "issuer", "version", "serial_number", "signature_hash_algorithm",
                 "not_valid_before_utc", "not_valid_after_utc"):  # fmt: skip
        getattr(certificate, name)
    certificate.public_key()
    return certificate


@contextmanager
def old_serial_numbers() -> Iterator[None]:
    """A root of 2009 has the serial number 0, which later rules forbid; it is whom browsers believe all the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        yield
