"""Which of this machine's names a phone most likely finds: an address, not every one finds lamp.local. Layer 12."""

import ipaddress
import socket
from collections.abc import Sequence

SOMEWHERE = ("192.0.2.1", 9)  # of the documentation (RFC 5737): nothing is sent there

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def address_for_phones(names: Sequence[str]) -> str:
    """One of these, as it stands in a URL."""
    addresses = [text for text in names if _is_outward(text)]
    ours = _address_outward()
    if ours in addresses:
        return ours
    addresses.sort(key=lambda text: ":" in text)
    others = [text for text in names if text not in THIS_MACHINE]
    best = (addresses or others or list(names))[0]
    return f"[{best}]" if ":" in best else best


def _is_outward(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not address.is_loopback and not address.is_link_local


def _address_outward() -> str:
    """Ours on the way to the rest of the world, which is seldom that of a virtual machine's own network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE)
            return str(probe.getsockname()[0])
        except OSError:
            return ""
