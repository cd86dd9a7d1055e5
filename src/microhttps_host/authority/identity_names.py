"""What a certificate may be for: a human's text becomes a name in it, or a clear refusal.

    lamp.local      192.168.4.1      ::1      *.home.arpa      lämpchen.local

Also this machine's own names, and which names are private: no public authority vouches for those, so the local one may.
Knows no files and no keys. Layer 11.
"""

import ipaddress
import re
import socket

import idna
from cryptography import x509

from microhttps.errors import UsageError

from ..interfaces import addresses_of_this_machine

# RFC 1123 section 2.1; the underscore some machines have in their name is in no certificate (RFC 5280 section 4.2.1.6).
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
MAX_NAME_LENGTH = 253  # RFC 1035 section 2.3.4, without the length octets
# RFC 6761 (localhost, test), RFC 6762 (local), RFC 8375 (home.arpa), ICANN's `internal`, and what routers hand out.
PRIVATE_ENDS = ("localhost", "local", "home.arpa", "internal", "test", "lan", "home", "fritz.box")


def subject_name(text: str) -> x509.GeneralName:
    """The entry of a certificate's subject alternative names that `text` means; raises UsageError("bad_name")."""
    address = _address_in(text)
    if address:
        if address.is_unspecified or address.is_multicast:
            raise _refused(text, "nobody connects to this address")
        return x509.IPAddress(address)
    is_wildcard = text.startswith("*.")
    labels = _ascii(text[2:] if is_wildcard else text, text).split(".")
    _check_labels(labels, text)
    if is_wildcard and len(labels) < 2:
        raise _refused(text, "a wildcard stands for one label before at least two, as in *.home.arpa")
    return x509.DNSName(("*." if is_wildcard else "") + ".".join(labels))


def text_of(name: x509.GeneralName) -> str:
    """How `subject_name` would like to have it written."""
    return str(name.value)


def names_of_this_host() -> list[str]:
    """localhost, the host's names and all its addresses: what somebody on this network may type."""
    host = socket.gethostname()
    wanted = ["localhost", host, host.partition(".")[0], host.partition(".")[0] + ".local", "127.0.0.1", "::1"]
    wanted += [str(address) for address in addresses_of_this_machine()]
    names = []
    for text in wanted:
        try:
            names.append(text_of(subject_name(text)))
        except UsageError:
            continue  # a host may be called what no certificate may say
    return list(dict.fromkeys(names))


def is_private(host: str) -> bool:
    """Whether a host's name or address is one that only its own network knows, so that no public authority vouches."""
    address = _address_in(host)
    if address:
        return address.is_private or address.is_link_local
    name = host.lower().rstrip(".")
    return "." not in name or name.endswith(tuple("." + end for end in PRIVATE_ENDS))


def _address_in(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    if "%" in bare:
        raise _refused(text, "a zone such as %eth0 has a meaning on one machine only")
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        return None


def _ascii(name: str, text: str) -> str:
    """In lower case and, where it has letters of other alphabets, as DNS writes them (IDNA 2008)."""
    bare = name.removesuffix(".")
    if bare.isascii():
        return bare.lower()
    try:
        return idna.encode(bare, uts46=True).decode()
    except idna.IDNAError as error:
        raise _refused(text, f"not a name in any alphabet: {error}") from None


def _check_labels(labels: list[str], text: str) -> None:
    name = ".".join(labels)
    if not name:
        raise _refused(text, "empty")
    if "/" in name or ":" in name:
        raise _refused(text, "only the name or the address, with no https://, port or path")
    if "*" in name:
        raise _refused(text, "a wildcard is the whole first label, as in *.home.arpa")
    if labels[-1].isdigit():
        raise _refused(text, "neither an address nor a name: a name does not end in a number")
    if len(name) > MAX_NAME_LENGTH:
        raise _refused(text, f"{len(name)} characters, a name has at most {MAX_NAME_LENGTH}")
    for label in labels:
        if not LABEL.fullmatch(label):
            raise _refused(text, f"{label!r} is no label of a name: 1 to 63 letters, digits and inner hyphens")


def _refused(text: str, why: str) -> UsageError:
    return UsageError("bad_name", f"not a name for a certificate: {text!r} ({why})")
