"""The keys of a TLS 1.3 handshake as far as a client needs them to read the server's half (RFC 8446, 7.1). Layer 12."""

import hashlib
import hmac
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .numbers import SECP256R1, SECP384R1, SECP521R1, X25519
from .reading import Malformed

CURVES: dict[int, ec.EllipticCurve] = {
    SECP256R1: ec.SECP256R1(), SECP384R1: ec.SECP384R1(), SECP521R1: ec.SECP521R1(),
}  # fmt: skip
SHAREABLE = (X25519, *CURVES)  # the groups in which we can exchange keys
Cipher = AESGCM | AESCCM | ChaCha20Poly1305
# suite: (hash, length of the key, cipher)
CIPHERS: dict[int, tuple[str, int, Callable[[bytes], Cipher]]] = {
    0x1301: ("sha256", 16, AESGCM), 0x1302: ("sha384", 32, AESGCM), 0x1303: ("sha256", 32, ChaCha20Poly1305),
    0x1304: ("sha256", 16, AESCCM), 0x1305: ("sha256", 16, lambda key: AESCCM(key, 8)),
}  # fmt: skip
HASHES: dict[str, hashes.HashAlgorithm] = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384()}
NONCE_LENGTH = 12


class KeyShares:
    """Our private keys of one hello, made when a group's public key is asked for."""

    def __init__(self) -> None:
        self._keys: dict[int, x25519.X25519PrivateKey | ec.EllipticCurvePrivateKey] = {}

    def public_key(self, group: int) -> bytes:
        """What is sent of it; the group is one of SHAREABLE."""
        if group not in self._keys:
            self._keys[group] = _new_key(group)
        key = self._keys[group]
        if isinstance(key, x25519.X25519PrivateKey):
            return key.public_key().public_bytes_raw()
        return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def exchange(self, group: int, theirs: bytes) -> bytes:
        """The secret that both have; raises Malformed when their key is none of that group, or of one without ours."""
        if group not in self._keys:
            raise Malformed("a key share in a group for which none was sent")
        key = self._keys[group]
        try:
            if isinstance(key, x25519.X25519PrivateKey):
                return key.exchange(x25519.X25519PublicKey.from_public_bytes(theirs))
            peer = ec.EllipticCurvePublicKey.from_encoded_point(CURVES[group], theirs)
            return key.exchange(ec.ECDH(), peer)
        except ValueError:
            raise Malformed("the server's key share is no key of its group") from None


class Unsealing:
    """Opens the server's records of the handshake, each once and in order."""

    def __init__(self, suite: int, secret: bytes, transcript: bytes) -> None:
        digest, length, cipher = CIPHERS[suite]
        traffic = handshake_secret(digest, secret, transcript)
        self._cipher = cipher(expand(digest, traffic, b"key", b"", length))
        self._mask = int.from_bytes(expand(digest, traffic, b"iv", b"", NONCE_LENGTH), "big")
        self._number = 0

    def open(self, head: bytes, body: bytes) -> tuple[int, bytes]:
        """(kind, content) of a record; raises Malformed when it is not sealed with these keys."""
        nonce = (self._mask ^ self._number).to_bytes(NONCE_LENGTH, "big")
        self._number += 1
        try:
            content = self._cipher.decrypt(nonce, body, head).rstrip(b"\0")
        except (InvalidTag, ValueError):
            raise Malformed("a record that is not sealed with the keys of this handshake") from None
        if not content:
            raise Malformed("a record with nothing in it")
        return content[-1], content[:-1]


def handshake_secret(digest: str, secret: bytes, transcript: bytes) -> bytes:
    """server_handshake_traffic_secret; `transcript` is the messages up to ServerHello."""
    nothing = bytes(hashlib.new(digest).digest_size)
    early = hmac.digest(nothing, nothing, digest)
    derived = expand(digest, early, b"derived", hashlib.new(digest).digest(), len(nothing))
    shared = hmac.digest(derived, secret, digest)
    return expand(digest, shared, b"s hs traffic", hashlib.new(digest, transcript).digest(), len(nothing))


def digest_of(suite: int, transcript: bytes) -> bytes:
    """The hash of the messages so far, by the suite's own."""
    return hashlib.new(CIPHERS[suite][0], transcript).digest()


def expand(digest: str, secret: bytes, label: bytes, context: bytes, length: int) -> bytes:
    """HKDF-Expand-Label."""
    label = b"tls13 " + label
    info = length.to_bytes(2, "big") + bytes((len(label),)) + label + bytes((len(context),)) + context
    return HKDFExpand(HASHES[digest], length, info).derive(secret)


def _new_key(group: int) -> x25519.X25519PrivateKey | ec.EllipticCurvePrivateKey:
    if group == X25519:
        return x25519.X25519PrivateKey.generate()
    return ec.generate_private_key(CURVES[group])
