"""MicroPython: what a sealed key is opened with. Its C has AES and SHA-256; PBKDF2 is made of the latter. Layer 3."""

from cryptolib import aes

from ...wire.signing import Key

_ECB = 1


def encrypt_blocks(key, data):
    """Whole blocks of 16 bytes, each encrypted for itself with AES."""
    return aes(key, _ECB).encrypt(data)


def stretch(secret, salt, iterations):
    """32 bytes of PBKDF2 with HMAC-SHA256 (RFC 8018 section 5.2): slow, because whoever guesses has to do it, too."""
    sign = Key(secret).sign
    block = sign(salt + b"\0\0\0\1")
    result = int.from_bytes(block, "big")
    for _ in range(iterations - 1):
        block = sign(block)
        result ^= int.from_bytes(block, "big")
    return result.to_bytes(32, "big")
