"""MicroPython's `tls`: two questions about a client's certificate that Mbed TLS has read and does not answer. Layer 4.

Apart from `x509`, which a board has forgotten by the time that clients come, and which is ten times as long. What is no
DER raises IndexError or ValueError.
"""

_KEY_USAGES = b"\x06\x03\x55\x1d\x25"  # extendedKeyUsage, RFC 5280 section 4.2.1.12
_FOR_CLIENTS = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02", b"\x06\x04\x55\x1d\x25\x00"  # clientAuth, any


def is_self_signed(certificate):
    """Whether a certificate (DER) names its subject as its issuer."""
    fields = [each for each in _values(_inside(_inside(certificate))) if each[0] != 0xA0]  # without the version
    return fields[2] == fields[4]  # behind serial number and signature; validity stands between them


def is_for_clients(certificate):
    """Whether a certificate (DER) is for clients, or does not say what it is for."""
    for field in _values(_inside(_inside(certificate))):
        if field[0] == 0xA3:
            for extension in _values(_inside(_inside(field))):
                parts = _values(_inside(extension))
                if parts[0] == _KEY_USAGES:
                    uses = _values(_inside(_inside(parts[-1])))
                    return bool([use for use in uses if use in _FOR_CLIENTS])
    return True


def _values(data):
    """The values one after the other in some DER, each whole."""
    found = []
    while data:
        end = _ends(data)[1]
        if end > len(data):
            raise ValueError
        found.append(data[:end])
        data = data[end:]
    return found


def _inside(value):
    """The content of the first value."""
    start, end = _ends(value)
    return value[start:end]


def _ends(value):
    """(start, end) of the content of the first value."""
    length, start = value[1], 2
    if length >= 0x80:
        start += length - 0x80
        length = int.from_bytes(value[2:start], "big")
    return start, start + length
