"""A certificate as a linter looks at it: its role, its place in the chain, and questions with plain answers.

Judges nothing; `lint_rules` does. Layer 11.
"""

import datetime
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from ..authority.constraints import constraints_of, is_permitted
from ..authority.identity_names import text_of

SERVER, CLIENT, AUTHORITY = "server", "client", "authority"
PURPOSES = {SERVER: ExtendedKeyUsageOID.SERVER_AUTH, CLIENT: ExtendedKeyUsageOID.CLIENT_AUTH}
Kind = TypeVar("Kind", bound=x509.ExtensionType)


@dataclass(frozen=True)
class Examined:
    """One certificate: what it is used as, those behind it in its file, and all that may have issued it."""

    certificate: x509.Certificate
    role: str
    below: int  # how many authorities stand between it and the server's or client's certificate
    chain: Sequence[x509.Certificate]
    issuers: Sequence[x509.Certificate]
    is_pem: bool
    now: datetime.datetime

    def extension(self, kind: type[Kind]) -> x509.Extension[Kind] | None:
        return extension_of(self.certificate, kind)

    def value(self, kind: type[Kind]) -> Kind | None:
        found = self.extension(kind)
        return found.value if found else None

    @property
    def is_root(self) -> bool:
        """By its names: the signature may be of a kind that is not computed any more."""
        return self.certificate.subject == self.certificate.issuer

    @property
    def between(self) -> list[x509.Certificate]:
        """The authorities between it and its root."""
        return [found for found in self.chain if found.subject != found.issuer]

    @property
    def names(self) -> list[x509.GeneralName]:
        return list(self.value(x509.SubjectAlternativeName) or ())

    @property
    def addresses_as_names(self) -> list[str]:
        """Addresses that stand where host names belong."""
        return [name.value for name in self.names if isinstance(name, x509.DNSName) and _is_address(name.value)]

    @property
    def wide_wildcards(self) -> list[str]:
        hosts = [name.value for name in self.names if isinstance(name, x509.DNSName)]
        return [name for name in hosts if name.startswith("*.") and name.count(".") < 2]

    @property
    def outside(self) -> list[str]:
        """Names that the constraints of an authority above it do not permit."""
        constraints = [constraints_of(issuer) for issuer in self._above()]
        return [text_of(name) for name in self.names if not all(is_permitted(name, one) for one in constraints)]

    @property
    def days(self) -> float:
        lifetime = self.certificate.not_valid_after_utc - self.certificate.not_valid_before_utc
        return lifetime / datetime.timedelta(days=1)

    @property
    def rsa_bits(self) -> int:
        key = self.certificate.public_key()
        return key.key_size if isinstance(key, rsa.RSAPublicKey) else 0

    @property
    def unknown_critical(self) -> list[str]:
        """Critical extensions that no TLS library is known to understand."""
        return [found.oid.dotted_string for found in self.certificate.extensions
                if found.critical and isinstance(found.value, x509.UnrecognizedExtension)]  # fmt: skip

    @property
    def purposes(self) -> set[ObjectIdentifier] | None:
        found = self.value(x509.ExtendedKeyUsage)
        return None if found is None else set(found)

    def _above(self) -> list[x509.Certificate]:
        found: list[x509.Certificate] = []
        child = self.certificate
        while True:
            issuer = next((one for one in self.issuers if one not in found and is_issued_by(child, one)), None)
            if issuer is None or issuer == self.certificate:
                return found
            found.append(issuer)
            child = issuer


def extension_of(certificate: x509.Certificate, kind: type[Kind]) -> x509.Extension[Kind] | None:
    try:
        return certificate.extensions.get_extension_for_class(kind)
    except x509.ExtensionNotFound:
        return None


def is_authority(certificate: x509.Certificate) -> bool:
    found = extension_of(certificate, x509.BasicConstraints)
    return found is not None and found.value.ca


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
