"""Certificates and private keys in files that somebody else has made, PEM or DER: what `embed` and `push` take.

A key that was published in somebody's examples is refused as a server of ours refuses it, before its file is opened.
Knows neither the local authority's folder nor what becomes of what it has read. Layer 11.
"""

from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from microhttps.credentials.published import refuse_published
from microhttps.errors import UsageError

from .authority.authority import Ask
from .authority.key_kinds import PrivateKey, as_private
from .certificates import PEM, read_certificates, read_file


def read_pair(
    certificate: Path, key: Path, ask: Ask, may_be_published: bool = False
) -> tuple[list[x509.Certificate], PrivateKey]:
    """The certificates of a file, and the key of the first of them; `ask` gives the passphrase of one that has any.

    Raises UsageError: "bad_certificate_file", "demonstration_key", "bad_key", "passphrase_needed", "wrong_passphrase",
    "key_does_not_match_certificate".
    """
    chain = read_certificates(certificate)
    if not may_be_published:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        refuse_published(chain[0].public_key().public_bytes(serialization.Encoding.DER, form), str(certificate))
    private = _read_key(key, ask)
    if private.public_key() != chain[0].public_key():
        raise UsageError("key_does_not_match_certificate", certificate=str(certificate))
    return chain, private


def _read_key(path: Path, ask: Ask) -> PrivateKey:
    data = read_file(path)
    load = serialization.load_pem_private_key if PEM in data else serialization.load_der_private_key
    try:
        return as_private(load(data, None), str(path))
    except TypeError:  # it is encrypted
        passphrase = ask()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UsageError("bad_key", f"{path} holds no private key", cause=error) from None
    if passphrase is None:
        raise UsageError("passphrase_needed", f"{path} is encrypted, and nobody gave its passphrase")
    try:
        return as_private(load(data, passphrase), str(path))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UsageError("wrong_passphrase", f"{path} does not open with it", cause=error) from None
