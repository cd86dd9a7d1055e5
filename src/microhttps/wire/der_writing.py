"""Values of DER written; apart from `der`, which reads them and is three times as long. Layer 2: imports nothing."""


def encode_length(length):
    """The length octets of a value of up to 65 535 bytes."""
    if length < 0x80:
        return bytes((length,))
    return bytes((0x81, length)) if length < 0x100 else bytes((0x82, length >> 8 & 0xFF, length & 0xFF))


def encode(tag, *parts):
    """A value with its tag: the parts, one behind the other."""
    content = b"".join(parts)
    return bytes((tag,)) + encode_length(len(content)) + content
