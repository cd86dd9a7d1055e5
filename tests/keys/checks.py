"""What sealing must do by itself, checked on the interpreter it runs on; says `good` at the end."""

import sys
from binascii import hexlify, unhexlify

from microhttps import UsageError
from microhttps.port import system
from microhttps.sealing import MAGIC, Opener, is_sealed, seal
from microhttps.wire.signing import sha256

SECRET = b"device"
# FIPS 197 appendix C: key, plain, encrypted.
BLOCKS = (
    ("000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff", "69c4e0d86a7b0430d8cdb78070b4c55a"),
    ("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "00112233445566778899aabbccddeeff",
     "8ea2b7ca516745bfeafc49904b496089"),
)
# RFC 7914 section 11, the first 32 of 64 bytes: secret, salt, iterations.
STRETCHED = (
    (b"passwd", b"salt", 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"),
    (b"Password", b"NaCl", 80000, "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"),
)


def check_vectors():
    for key, plain, encrypted in BLOCKS:
        twice = system.encrypt_blocks(unhexlify(key), unhexlify(plain) * 2)
        assert hexlify(twice).decode() == encrypted * 2, key
    for secret, salt, iterations, expected in STRETCHED:
        assert hexlify(system.stretch(secret, salt, iterations)).decode() == expected, secret


def check_every_length():
    for length in list(range(1, 50)) + [1000, 1217]:
        key = bytes(range(256)) * 5
        sealed = seal(key[:length], SECRET, 1)
        assert is_sealed(sealed) and not is_sealed(key)
        assert Opener(SECRET).open(sealed, "x") == key[:length], length
    assert seal(b"key", SECRET, 1) != seal(b"key", SECRET, 1), "each has a salt of its own"


def check_secrets():
    sealed = seal(b"a key", lambda: b"device", 3)
    for secret in (SECRET, "device", bytearray(SECRET), lambda: SECRET):
        assert Opener(secret).open(sealed, "x") == b"a key"
    assert code_of(Opener(b"devicf").open, sealed, "x") == "wrong_secret"
    assert code_of(Opener(b"short").open, sealed, "x") == "weak_secret"
    assert code_of(seal, b"a key", b"short") == "weak_secret"
    assert code_of(Opener(SECRET).open, b"-----BEGIN PRIVATE KEY-----", "x") == "not_sealed"


def check_what_was_derived_is_kept():
    asked = []

    def secret():
        asked.append(1)
        return SECRET

    opener = Opener(secret)
    one, other = seal(b"a key", SECRET, 2), seal(b"another", SECRET, 2)
    assert [opener.open(sealed, "x") for sealed in (one, one, other)] == [b"a key", b"a key", b"another"]
    assert len(asked) == 2, "once a salt"


def check_damage():
    """Every byte that is changed and every length that is cut is seen; with a checksum that fits, too."""
    sealed = seal(b"a private key", SECRET, 1)
    opener = Opener(SECRET)
    for length in range(len(sealed)):
        assert code_of(opener.open, sealed[:length], "x") in ("sealed_key_damaged", "not_sealed"), length
    assert code_of(opener.open, sealed + b"\n", "x") == "sealed_key_damaged"
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        expected = "not_sealed" if place < len(MAGIC) else "sealed_key_damaged"
        assert code_of(opener.open, bytes(changed), "x") == expected, place
    for place in list(range(19, len(sealed) - 4)):
        changed = bytearray(sealed[:-4])
        changed[place] ^= 2
        mended = bytes(changed) + sha256(changed)[:4]
        assert code_of(opener.open, mended, "x") == "wrong_secret", place
    endless = sealed[:16] + b"\xff\xff\xff\xff" + sealed[20:-4]
    assert code_of(opener.open, endless + sha256(endless)[:4], "x") == "sealed_key_damaged"


def code_of(act, *arguments):
    try:
        act(*arguments)
    except UsageError as error:
        assert error.facts.get("file") in (None, "x")
        return error.code
    return "no error"


def main():
    check_vectors()
    check_every_length()
    check_secrets()
    check_what_was_derived_is_kept()
    check_damage()
    print("good")


def seal_a_file(key, to):
    with open(key, "rb") as file:
        sealed = seal(file.read(), SECRET, 7)
    with open(to, "wb") as file:
        file.write(sealed)


def open_a_file(sealed, to):
    with open(sealed, "rb") as file:
        key = Opener(SECRET).open(file.read(), sealed)
    with open(to, "wb") as file:
        file.write(key)


if len(sys.argv) == 1:
    main()
else:
    {"seal": seal_a_file, "open": open_a_file}[sys.argv[1]](*sys.argv[2:])
