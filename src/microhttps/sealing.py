"""A private key at rest: sealed with a secret of the device, and opened in memory only, when a context is made.

AES-256 in counter mode, then HMAC-SHA256 over all of the file (encrypt, then authenticate), with keys that PBKDF2 makes
of the secret and of a salt that is the file's own. AES, because MicroPython has it in C beside SHA-256; a firmware
without it is told `Unsupported`, and CPython, whose library has none, gets it from its port. Counter mode needs only
the direction that encrypts, and no padding. Who has the board has the secret, too: what it is good for, and what not,
is in docs/keys.md.

    "microhttps-seal1", iterations (4 bytes), salt (16), the encrypted key (DER), HMAC (32), checksum (4)

The checksum, of SHA-256, tells a damaged file from a wrong secret, and before the slow part. Layer 4.
"""

import os

from .errors import Unsupported, UsageError
from .port import system
from .wire.signing import Key, is_same, sha256

MAGIC = b"microhttps-seal1"
HEAD, TAG, CHECK = 36, 32, 4
# What a start of a board can bear: 15 ms on 32-bit MicroPython on a computer, some 100 times that on an ESP32.
ITERATIONS = 2000
MOST_ITERATIONS = 10_000_000  # of a file: a changed one must not keep a board busy for days
LONGEST = 64 * 1024
SHORTEST = 6  # bytes of a secret: the unique id of an ESP32


def seal(key, secret, iterations=ITERATIONS):
    """The bytes of a sealed key file, for `Identity(..., sealed=secret)`, of a private key in DER (bytes).

    The secret is bytes, at least six, or a function that gives them. Raises UsageError("weak_secret"), Unsupported.
    """
    head = MAGIC + iterations.to_bytes(4, "big") + os.urandom(16)
    encryption, signing = _keys(head, secret)
    data = head + _turned(encryption, bytes(key))
    data += signing.sign(data)
    return data + sha256(data)[:CHECK]


def is_sealed(data):
    """Whether these bytes begin as a sealed key does."""
    return data[: len(MAGIC)] == MAGIC


class Opener:
    """The secret of an identity, which opens its key; what was derived slowly is kept for the next time."""

    def __init__(self, secret):
        self._secret = secret
        self._known = None, None

    def open(self, data, name):
        """The key in DER. Raises UsageError: "not_sealed", "sealed_key_damaged", "wrong_secret" or "weak_secret"."""
        if not is_sealed(data):
            raise UsageError("not_sealed", file=name)
        _check(data, name)
        head, signed = data[:HEAD], data[: -TAG - CHECK]
        known, keys = self._known
        if known != head:
            keys = _keys(head, self._secret)
        if not is_same(keys[1].sign(signed), data[-TAG - CHECK : -CHECK]):
            raise UsageError("wrong_secret", file=name)
        self._known = head, keys
        return _turned(keys[0], signed[HEAD:])


def _check(data, name):
    """Raise UsageError for a file that was cut or changed."""
    whole = HEAD + TAG + CHECK < len(data) <= LONGEST and sha256(data[:-CHECK])[:CHECK] == data[-CHECK:]
    if not whole or not 0 < int.from_bytes(data[16:20], "big") <= MOST_ITERATIONS:
        raise UsageError("sealed_key_damaged", file=name, length=len(data))


def _keys(head, secret):
    """(key for AES, Key for HMAC) of a file that begins with this."""
    secret = secret() if callable(secret) else secret
    secret = secret.encode() if isinstance(secret, str) else bytes(secret)
    if len(secret) < SHORTEST:
        raise UsageError("weak_secret", at_least=SHORTEST)
    try:
        stretch = system.stretch
    except ImportError as error:  # of cryptolib, without which a firmware may have been built
        raise Unsupported("unsupported", setting="sealed", reason="no AES in this firmware", cause=error)
    master = Key(stretch(secret, head[20:HEAD], int.from_bytes(head[16:20], "big")))
    return master.sign(b"encrypt"), Key(master.sign(b"authenticate"))


def _turned(key, data):
    """Counter mode (SP 800-38A section 6.5): encrypts what is plain, and the other way round. The key is used once."""
    blocks = [place.to_bytes(16, "big") for place in range((len(data) + 15) // 16)]
    return bytes([one ^ other for one, other in zip(data, system.encrypt_blocks(key, b"".join(blocks)))])
