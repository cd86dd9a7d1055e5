"""Whether a certificate is for a host, as the TLS libraries of boards compare names: looser than RFC 9525. Layer 12."""

from fnmatch import fnmatchcase
from ipaddress import ip_address

from cryptography import x509
from cryptography.x509.oid import NameOID

from ..lint.examined import extension_of
from .profile import BY_GLOB, Checks


def is_for(certificate: x509.Certificate, host: str, address: str, checks: Checks) -> bool:
    """`host` is what is asked for, `address` that of the other end."""
    found = extension_of(certificate, x509.SubjectAlternativeName)
    if checks.names == BY_GLOB:
        # Mongoose: names with as many dots, an address against that of the connection, the subject when none fits.
        names = [*(_texts(found.value) if found else ()), *_common_names(certificate)]
        return (found is not None and address in _addresses(found.value, 4)) or any(_fits(name, host) for name in names)
    if found is None:
        return any(_equals(name, host) for name in _common_names(certificate))
    return host in _addresses(found.value) or any(_equals(name, host) for name in _texts(found.value))


def plain(host: str) -> str:
    """A host without brackets, an address in its shortest form."""
    bare = host.strip("[]")
    try:
        return str(ip_address(bare))
    except ValueError:
        return bare


def _equals(name: str, host: str) -> bool:
    """Mbed TLS: equal, or `*.` and all that comes behind the first dot."""
    name, host = name.lower(), host.lower()
    first, dot, rest = host.partition(".")
    return name == host or bool(first and dot) and name == f"*.{rest}"


def _fits(name: str, host: str) -> bool:
    return name.count(".") == host.count(".") and fnmatchcase(host, name.replace("[", "[[]"))


def _texts(names: x509.SubjectAlternativeName) -> list[str]:
    return names.get_values_for_type(x509.DNSName)


def _addresses(names: x509.SubjectAlternativeName, version: int = 0) -> list[str]:
    found = names.get_values_for_type(x509.IPAddress)
    return [str(address) for address in found if not version or getattr(address, "version", 0) == version]


def _common_names(certificate: x509.Certificate) -> list[str]:
    return [str(name.value) for name in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
