"""The addresses of this machine's network interfaces, from the C library's own `getifaddrs`.

Python's `socket` cannot list them, and asking for the host's name finds one at best. Knows Linux and the BSDs (and
so macOS); anywhere else the answer is empty. Knows nothing of certificates. Layer 11, at its bottom.
"""

import ctypes
import ctypes.util
import functools
import ipaddress
import socket
import sys
from collections.abc import Iterator

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# struct sockaddr: the BSDs put its length before the family, and so the family is a single byte there.
HAS_LENGTH = not sys.platform.startswith("linux")
# Where the address begins in sockaddr_in and sockaddr_in6, and how long it is.
PLACES = {socket.AF_INET: (4, 4), socket.AF_INET6: (8, 16)}


class _Interface(ctypes.Structure):
    """The beginning of `struct ifaddrs`, which is the same on Linux and the BSDs."""


_Interface._fields_ = [
    ("next", ctypes.POINTER(_Interface)),
    ("name", ctypes.c_char_p),
    ("flags", ctypes.c_uint),
    ("address", ctypes.c_void_p),
]


def addresses_of_this_machine() -> list[Address]:
    """Every address that another machine could use: neither loopback nor link-local, in the system's order."""
    found = (address for address in _all_addresses() if not address.is_loopback and not address.is_link_local)
    return list(dict.fromkeys(found))


def _all_addresses() -> Iterator[Address]:
    library = _library()
    if not hasattr(library, "getifaddrs"):
        return
    first = ctypes.POINTER(_Interface)()
    if library.getifaddrs(ctypes.byref(first)):
        return
    try:
        entry = first
        while entry:
            address = _address_at(entry.contents.address)
            if address:
                yield address
            entry = entry.contents.next
    finally:
        library.freeifaddrs(first)


@functools.cache
def _library() -> ctypes.CDLL:
    """Looked for once: on Linux finding it runs a program."""
    return ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)


def _address_at(place: int | None) -> Address | None:
    if not place:
        return None
    family = ctypes.string_at(place, 2)
    number = family[1] if HAS_LENGTH else int.from_bytes(family, sys.byteorder)
    if number not in PLACES:
        return None
    offset, length = PLACES[socket.AddressFamily(number)]
    return ipaddress.ip_address(ctypes.string_at(place + offset, length))
