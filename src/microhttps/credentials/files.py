"""Certificates and keys as files: reading them, PEM's armour on and off.

What an identity is made of, and whether it can be used, is in `identities`. Layer 4; a client loads it.
"""

from binascii import a2b_base64, b2a_base64

from ..errors import UsageError
from ..port import system


def read_source(source):
    """The bytes of a path, or the bytes given; raises UsageError("bad_certificate_file")."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source)
    try:
        return system.read_file(str(source))
    except OSError as error:
        if "-----BEGIN " in str(source):  # not to be shown: it may be a key
            raise UsageError("bad_certificate_file", missing="a path or bytes (it is PEM as text)")
        raise UsageError("bad_certificate_file", "there is no such file, or it cannot be read", error,
                         file=str(source))


def read_certificates(source):
    """The same of what should hold certificates; of a file that does not, the error tells its name."""
    data = read_source(source)
    if b"CERTIFICATE-----" in data or data[:1] == b"\x30" or data is source:
        return data
    raise UsageError("bad_certificate_file", certificate=str(source))


def unarmoured(data, label):
    """The DER inside the first PEM block whose BEGIN line ends in `label`; data that is no PEM is given back."""
    if b"-----BEGIN " not in data:
        return data
    for block in data.split(b"-----BEGIN ")[1:]:
        start = block.find(label)
        if 0 <= start < block.find(b"\n"):
            try:
                return a2b_base64(block[start + len(label):].split(b"-----END ")[0])
            except ValueError as error:
                raise UsageError("bad_certificate_file", cause=error)
    raise UsageError("bad_certificate_file", missing=label.decode())


def armoured(data, label):
    """PEM of DER bytes (PEM is given back); without a label, that of the private key's kind (RFC 5958, 5915, 8017)."""
    if b"-----BEGIN " in data:
        return data
    if label is None:
        # SEQUENCE, then the version: what follows it tells PKCS#8 (SEQUENCE), SEC 1 (OCTET STRING), PKCS#1 (INTEGER)
        label = {0x30: b"PRIVATE KEY", 0x04: b"EC PRIVATE KEY", 0x02: b"RSA PRIVATE KEY"}.get(_tag_behind_version(data))
        if label is None:
            raise UsageError("bad_certificate_file", missing="a private key")
    body = b2a_base64(data).strip()
    lines = b"\n".join(body[at:at + 64] for at in range(0, len(body), 64))
    return b"-----BEGIN " + label + b"-----\n" + lines + b"\n-----END " + label + b"-----\n"


def _tag_behind_version(data):
    if len(data) < 8 or data[0] != 0x30:
        return 0
    at = 2 + (data[1] & 0x7F if data[1] & 0x80 else 0)
    return data[at + 3] if at + 3 < len(data) else 0
