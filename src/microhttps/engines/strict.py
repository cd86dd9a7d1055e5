"""MicroPython's `tls`: what a client has to see to itself, because Mbed TLS believes where others refuse. Layer 3.

Judged of a chain that Mbed TLS has verified, before anything is sent over the connection:

- an authority that is not for servers (extendedKeyUsage of an intermediate): Mbed TLS reads that of the last alone;
- a certificate for any use (anyExtendedKeyUsage), which OpenSSL does not take for a server's;
- name constraints (RFC 5280 section 4.2.1.10): it ignores them, and refuses a certificate where they are critical;
- a name in the common name alone, which RFC 9525 section 2 reads no more;
- an address as a DNS name (RFC 9525 section 6.5 has it as an address); a star for all of a top-level domain.

Loaded when the chain has something of the kind. To be deleted as Mbed TLS learns.
"""

from ..errors import TrustError
from .leaf import find_extension, inside, is_for, values

SUBJECT_ALT_NAME = b"\x06\x03\x55\x1d\x11"
NAME_CONSTRAINTS = b"\x06\x03\x55\x1d\x1e"
_FOR_SERVERS = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01"
_DNS, _DIRECTORY, _ADDRESS = 0x82, 0xA4, 0x87  # kinds of GeneralName (section 4.2.1.6)
_PERMITTED = 0xA0


def judge(leaf, above, host):
    """Raise TrustError unless a verified chain (DER) is to be believed for this host.

    `above` are those of its certificates above the `leaf` that say what they are for or whom they may name.
    """
    try:
        names = find_extension(leaf, SUBJECT_ALT_NAME)
        names = None if names is None else values(inside(names))
        _judge_usage(leaf, host)
        for authority in above:
            _judge_usage(authority, host)
            judge_constraints(authority, leaf, names or (), host)
        _judge_host(names, host)
    except (IndexError, ValueError) as error:
        raise TrustError("certificate_refused", cause=error, host=host)


def is_address(host):
    """Whether a host is an address: no top-level domain consists of digits (RFC 3696 section 2)."""
    return ":" in host or host[host.rfind(".") + 1:].isdigit()


def _judge_usage(certificate, host):
    if not is_for(certificate, _FOR_SERVERS):
        raise TrustError("wrong_usage", host=host)


def _judge_host(names, host):
    if names is None:
        raise TrustError("name_in_common_name", host=host)
    if is_address(host):
        is_named = [name for name in names if name[0] == _ADDRESS and inside(name) == _address(host)]
    elif host.count(".") == 1:  # of names with stars, only that of a whole top-level domain could fit
        is_named = [name for name in names if name[0] == _DNS and inside(name).lower() == host.lower().encode()]
    else:
        return  # as Mbed TLS has it
    if not is_named:
        raise TrustError("wrong_name", host=host)


def judge_constraints(authority, leaf, names, host):
    """Raise TrustError unless all `names` of a `leaf` are within what this authority (DER) may sign for."""
    constraints = find_extension(authority, NAME_CONSTRAINTS)
    if constraints is None:
        return
    subject = [field for field in values(inside(inside(leaf))) if field[0] != 0xA0][4]
    if inside(subject):
        names = list(names) + [b"\xa4" + _length(len(subject)) + subject]
    for subtrees in values(inside(constraints)):
        bases = [values(inside(subtree))[0] for subtree in values(inside(subtrees))]
        for name in names:
            rules = [base for base in bases if base[0] == name[0]]
            is_within = bool([base for base in rules if _is_within(name[0], inside(name), inside(base))])
            if rules and is_within != (subtrees[0] == _PERMITTED):
                raise TrustError("name_not_permitted", host=host)


def _is_within(kind, name, base):
    """Whether a name is inside the subtree of a base of the same kind."""
    if kind == _DNS:
        name, base = name.lower(), base.lower()
        return not base or name == base or name.endswith(base if base[:1] == b"." else b"." + base)
    if kind == _DIRECTORY:
        return inside(name).startswith(inside(base))
    if kind == _ADDRESS:
        size = len(name)
        return len(base) == 2 * size and not [at for at in range(size) if (name[at] ^ base[at]) & base[size + at]]
    return True  # of names that no server goes by (mail addresses, URIs) nothing is forbidden


def _length(count):
    return bytes((count,)) if count < 0x80 else b"\x82" + count.to_bytes(2, "big")


def _address(text):
    """The bytes of an address: four numbers, or sixteen bytes, with the gap filled (RFC 4291 section 2.2)."""
    if ":" not in text:
        return bytes([int(part) for part in text.split(".")])
    if "." in text:
        text, _, four = text.rpartition(":")
        four = _address(four)
        text += ":%x:%x" % (four[0] << 8 | four[1], four[2] << 8 | four[3])
    head, gap, tail = text.partition("::")
    before, after = ([int(part, 16).to_bytes(2, "big") for part in half.split(":") if part] for half in (head, tail))
    missing = 8 - len(before) - len(after) if gap else 0
    return b"".join(before + [b"\0\0"] * missing + after)
