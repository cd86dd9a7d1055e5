"""The kinds of private key that a certificate can be for, as a table: how one is made, and who cannot use it.

    p256         everybody: browsers, OpenSSL, Mbed TLS; 30 times less work for a board than RSA
    rsa-2048     everybody; for clients that know nothing newer
    ed25519      OpenSSL; neither browsers nor Mbed TLS

Knows no files. Layer 11.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from microhttps.errors import UsageError

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey


@dataclass(frozen=True)
class KeyKind:
    """`make()` gives a new key; `warning` says whom it will not do for, "" when it does for everybody."""

    make: Callable[[], PrivateKey]
    warning: str = ""


DEFAULT_KIND = "p256"
KINDS = {
    "p256": KeyKind(lambda: ec.generate_private_key(ec.SECP256R1())),
    "rsa-2048": KeyKind(
        lambda: rsa.generate_private_key(65537, 2048),
        "a handshake with an RSA key takes a board many times longer than one with p256",
    ),
    "ed25519": KeyKind(
        ed25519.Ed25519PrivateKey.generate,
        "Mbed TLS (so every board with MicroPython) and all browsers refuse Ed25519; OpenSSL takes it",
    ),
}


def kind_of(name: str) -> KeyKind:
    """The kind of this name; raises UsageError("bad_option")."""
    if name not in KINDS:
        raise UsageError("bad_option", f"no kind of key: {name!r}; there are {', '.join(KINDS)}")
    return KINDS[name]


def described(key: object) -> str:
    """A key in a few characters, as people know it: "P-256", "RSA 2048", "Ed25519"."""
    if isinstance(key, (ec.EllipticCurvePrivateKey, ec.EllipticCurvePublicKey)):
        return {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}.get(key.curve.name, key.curve.name)
    if isinstance(key, (rsa.RSAPrivateKey, rsa.RSAPublicKey)):
        return f"RSA {key.key_size}"
    return type(key).__name__.strip("_").removesuffix("PrivateKey").removesuffix("PublicKey")


def kind_name_of(key: object) -> str:
    """The name of the kind that a key is of; the usual one for kinds that are not made here."""
    return {"RSA 2048": "rsa-2048", "Ed25519": "ed25519"}.get(described(key), DEFAULT_KIND)


def as_private(key: object, what: str) -> PrivateKey:
    """A key that was read, if it is of a kind that is made here; raises UsageError("bad_key")."""
    if not isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey, ed25519.Ed25519PrivateKey)):
        raise UsageError("bad_key", f"{what} has a key of a kind that is not made here ({described(key)})")
    return key


def as_public(key: object, what: str) -> PublicKey:
    """The same for a public key."""
    if not isinstance(key, (ec.EllipticCurvePublicKey, rsa.RSAPublicKey, ed25519.Ed25519PublicKey)):
        raise UsageError("bad_key", f"{what} has a key of a kind that is not made here ({described(key)})")
    return key


def hash_for(key: PrivateKey) -> hashes.SHA256 | None:
    """What a signature by this key hashes with; Ed25519 brings its own."""
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()


def pem_of(key: PrivateKey, passphrase: bytes | None = None) -> bytes:
    """PKCS#8, encrypted when there is a passphrase."""
    how = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how)
