"""MicroPython's `tls`: questions about a certificate that Mbed TLS has read and does not answer. Layer 3.

Apart from `x509`, which a board has forgotten by the time that clients come, and which is ten times as long. What is no
DER raises IndexError or ValueError.
"""

KEY_USAGES = b"\x06\x03\x55\x1d\x25"  # extendedKeyUsage, RFC 5280 section 4.2.1.12
ANY_USAGE = b"\x06\x04\x55\x1d\x25\x00"
_FOR_CLIENTS = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02"  # clientAuth


def is_self_signed(certificate):
    """Whether a certificate (DER) names its subject as its issuer."""
    fields = [each for each in values(inside(inside(certificate))) if each[0] != 0xA0]  # without the version
    return fields[2] == fields[4]  # behind serial number and signature; validity stands between them


def is_for_clients(certificate):
    """Whether a certificate (DER) is for clients, or does not say what it is for."""
    return is_for(certificate, _FOR_CLIENTS, ANY_USAGE)


def is_for(certificate, *usages):
    """Whether a certificate (DER) is for one of these usages (DER), or does not say what it is for."""
    uses = find_extension(certificate, KEY_USAGES)
    return uses is None or bool([use for use in values(inside(uses)) if use in usages])


def find_extension(certificate, name):
    """What the extension of this name (DER of its object identifier) says in a certificate (DER), None without it."""
    for field in values(inside(inside(certificate))):
        if field[0] == 0xA3:
            for extension in values(inside(inside(field))):
                parts = values(inside(extension))
                if parts[0] == name:
                    return inside(parts[-1])
    return None


def values(data):
    """The values one after the other in some DER, each whole."""
    found = []
    while data:
        end = _ends(data)[1]
        found.append(data[:end])
        data = data[end:]
    return found


def inside(value):
    """The content of the first value."""
    start, end = _ends(value)
    return value[start:end]


def _ends(value):
    """(start, end) of the content of the first value."""
    length, start = value[1], 2
    if length >= 0x80:
        start += length - 0x80
        length = int.from_bytes(value[2:start], "big")
    if start + length > len(value):
        raise ValueError
    return start, start + length
