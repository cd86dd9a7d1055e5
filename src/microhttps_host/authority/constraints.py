"""What an authority may vouch for: the name constraints in its certificate (RFC 5280 section 4.2.1.10).

Whoever steals the key of an authority that your machines trust can be your bank, unless its certificate says what it is
for. Ours says: names and addresses that are private, and the ones you name. OpenSSL, Chromium, Firefox and Apple hold
it to that, and so does our client on a board, where Mbed TLS does not (tests/badssl/test_stolen_key.py).

The extension is not critical, although the RFC wants it so: Mbed TLS does not know it and refuses a certificate with it
as critical, which would shut out every board; everybody who does know it obeys it either way. Not critical is therefore
the only form in which one file serves all. Drop that once Mbed TLS reads name constraints. Layer 11.
"""

import ipaddress
from collections.abc import Iterable

from cryptography import x509

from microhttps.errors import UsageError

from .identity_names import subject_name, text_of

IS_CRITICAL = False
# RFC 6761, RFC 6762, RFC 8375, ICANN's `internal` (2024), and what most routers hand out.
PRIVATE_NAMES = ("localhost", "local", "lan", "home.arpa", "internal")
# RFC 1122 and RFC 4291 (this machine), RFC 1918 and RFC 4193 (private), RFC 3927 and RFC 4291 (this link).
PRIVATE_NETWORKS = (
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
    "::1/128", "fc00::/7", "fe80::/10",
)  # fmt: skip


def constraints_for(texts: Iterable[str]) -> x509.NameConstraints:
    """Everything private, and these; raises UsageError("bad_name").

    `example.org` is that name and all below it, `lamp` that name alone, `.home` all below it; addresses and networks.
    """
    permitted: list[x509.GeneralName] = [*map(x509.DNSName, PRIVATE_NAMES)]
    permitted += [x509.IPAddress(_network(text)) for text in PRIVATE_NETWORKS]
    excluded: list[x509.GeneralName] = []
    for text in texts:
        name = _subtree(text)
        if _is_within(name, permitted):
            continue
        permitted.append(name)
        # A machine may be called `dev`, and so is a part of the public DNS: below a bare name there is nothing of ours.
        if isinstance(name, x509.DNSName) and "." not in text:
            excluded.append(x509.DNSName("." + name.value))
    return x509.NameConstraints(permitted, excluded or None)


def constraints_of(authority: x509.Certificate) -> x509.NameConstraints | None:
    """What its certificate says, None when it may vouch for everything."""
    try:
        return authority.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return None


def given_names(constraints: x509.NameConstraints | None) -> list[str]:
    """What was given to `constraints_for`, so that it can be given again."""
    if constraints is None:
        return []
    alone = {tree.value for tree in constraints.excluded_subtrees or () if isinstance(tree, x509.DNSName)}
    private = {*PRIVATE_NAMES, *PRIVATE_NETWORKS}
    texts = [written(tree) for tree in constraints.permitted_subtrees or () if written(tree) not in private]
    return ["." + text if _is_bare(text) and "." + text not in alone else text for text in texts]


def is_permitted(name: x509.GeneralName, constraints: x509.NameConstraints | None) -> bool:
    """Whether an authority with these constraints may vouch for a name, as RFC 5280 section 6.1 has it."""
    if constraints is None:
        return True
    of_kind = [tree for tree in constraints.permitted_subtrees or () if isinstance(tree, type(name))]
    if of_kind and not _is_within(name, of_kind):
        return False
    return not _is_within(name, constraints.excluded_subtrees or ())


def written(tree: x509.GeneralName) -> str:
    """A subtree as people write it: "local", "10.0.0.0/8"."""
    return text_of(tree)


def _is_within(name: x509.GeneralName, trees: Iterable[x509.GeneralName]) -> bool:
    return any(_covers(tree, name) for tree in trees)


def _covers(tree: x509.GeneralName, name: x509.GeneralName) -> bool:
    if isinstance(tree, x509.DNSName) and isinstance(name, x509.DNSName):
        # A tree with a leading dot is all below: no RFC says so, OpenSSL, NSS and Chromium do.
        base, wanted = tree.value.lower(), name.value.lower().removeprefix("*.")
        return not base or wanted == base or wanted.endswith("." + base.removeprefix("."))
    if isinstance(tree, x509.IPAddress) and isinstance(name, x509.IPAddress):
        outer, inner = _as_network(tree.value), _as_network(name.value)
        if isinstance(outer, ipaddress.IPv4Network) and isinstance(inner, ipaddress.IPv4Network):
            return inner.subnet_of(outer)
        if isinstance(outer, ipaddress.IPv6Network) and isinstance(inner, ipaddress.IPv6Network):
            return inner.subnet_of(outer)
    return False


def _is_bare(text: str) -> bool:
    return not {".", ":", "/"}.intersection(text)


def _subtree(text: str) -> x509.GeneralName:
    if "/" in text:
        return x509.IPAddress(_network(text))
    name = subject_name(text.removeprefix("."))
    if isinstance(name, x509.IPAddress):
        return x509.IPAddress(_as_network(name.value))
    return x509.DNSName(text_of(name).removeprefix("*."))


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise UsageError("bad_name", f"not a network: {text!r} ({error})") from None


def _as_network(
    value: ipaddress.IPv4Address | ipaddress.IPv6Address | ipaddress.IPv4Network | ipaddress.IPv6Network,
) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(value)
