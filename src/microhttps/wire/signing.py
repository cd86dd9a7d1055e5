"""Secrets: HMAC-SHA256, a comparison that tells nothing by its time, random text, base64url. On both interpreters.

MicroPython has no `hmac` and no `secrets`; both have SHA-256 in C, and of that this is made. Knows no HTTP. Layer 2.
"""

import binascii
import hashlib
import os

from ..errors import UsageError

BLOCK = 64  # of SHA-256
SHORTEST = 16  # bytes of a secret: 128 bits, were they random


class Key:
    """A key for HMAC-SHA256 (RFC 2104), ready for many messages."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, secret):
        if len(secret) > BLOCK:
            secret = hashlib.sha256(secret).digest()
        padded = secret + bytes(BLOCK - len(secret))
        self._inner = bytes([byte ^ 0x36 for byte in padded])
        self._outer = bytes([byte ^ 0x5C for byte in padded])

    def sign(self, message):
        """The 32 bytes of the signature of a message (bytes)."""
        return sha256(self._outer + sha256(self._inner + message))


def sha256(data):
    """The SHA-256 digest of these bytes."""
    return hashlib.sha256(data).digest()


_BLIND = Key(os.urandom(32))


def is_same(ours, theirs):
    """Whether two secrets (text or bytes) are equal; the time it takes tells nothing of where they differ.

    Compared are signatures of the two under a key that nobody knows, so what is guessed right in the one is no
    beginning of the other.
    """
    ours = ours.encode() if isinstance(ours, str) else ours
    theirs = theirs.encode() if isinstance(theirs, str) else theirs
    return _BLIND.sign(ours) == _BLIND.sign(theirs)


def keys_of(secret, purpose):
    """[Key] of a secret or of a list of them, newest first; a signature for one purpose is none for another.

    Raises UsageError("weak_secret") for one of fewer than 16 bytes.
    """
    keys = []
    for each in secret if isinstance(secret, (list, tuple)) else (secret,):
        each = each.encode() if isinstance(each, str) else bytes(each)
        if len(each) < SHORTEST:
            raise UsageError("weak_secret", at_least=SHORTEST)
        keys.append(Key(Key(each).sign(purpose.encode())))
    if not keys:
        raise UsageError("weak_secret", at_least=SHORTEST)
    return keys


def sign_text(key, text):
    """The signature of a text, as text."""
    return encode_base64(key.sign(text.encode()))


def is_signed(keys, text, signature):
    """Whether one of these keys made this signature (text) of the text."""
    # All of them are tried, whichever fits: the time tells nothing of the rotation.
    return sum([is_same(sign_text(key, text), signature) for key in keys]) > 0


def encode_base64(data):
    """Bytes as base64url without padding (RFC 4648 section 5)."""
    text = binascii.b2a_base64(data).decode().strip().rstrip("=")
    return text.replace("+", "-").replace("/", "_")


def decode_base64(text):
    """The bytes of base64url without padding; raises ValueError."""
    text = text.replace("-", "+").replace("_", "/")
    return binascii.a2b_base64(text + "=" * (-len(text) % 4))


def random_text(count=16):
    """Text made of that many random bytes, fit for a cookie, a header or a URL."""
    return encode_base64(os.urandom(count))
