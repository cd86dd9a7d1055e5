"""Copies of what was issued, in the form in which it is wanted elsewhere; the originals stay in the vault.

    pem    certificate and key for a server on a computer, or for a board whose firmware reads PEM
    der    the same for every board: half the size, and firmware without PEM takes nothing else
    p12    both and the authority in one file with a passphrase, for phones and browsers

Layer 11.
"""

import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from microhttps.errors import UsageError

from .authority import CA_CERTIFICATE, open_authority
from .identities import Change, read_pair
from .key_kinds import PrivateKey, pem_of
from .revocation import REVOCATION_LIST
from .vault import PUBLIC, SECRET, Vault

FORMS = ("pem", "der", "p12")
File = tuple[str, bytes, int]


def export_identity(
    vault: Vault, label: str, folder: Path, form: str, passphrase: bytes | None = None, is_forced: bool = False
) -> Change:
    """Copy the certificate and key of a label into a folder, all or none; raises UsageError."""
    _check_form(form)
    with vault.locked():
        identity, key = read_pair(vault, label)
        certificate = identity.certificate
        files: list[File]
        if form == "p12":
            if key is None or not passphrase:
                raise UsageError("bad_option", "a p12 file needs the key, and a passphrase to keep it with")
            authority = open_authority(vault).certificate
            files = [(f"{label}.p12", _p12(label, key, certificate, authority, passphrase), SECRET)]
        elif form == "der":
            files = [(f"{label}.crt.der", certificate.public_bytes(Encoding.DER), PUBLIC)]
            if key is not None:
                der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
                files.append((f"{label}.key.der", der, SECRET))
        else:
            files = [(f"{label}.crt", certificate.public_bytes(Encoding.PEM), PUBLIC)]
            if key is not None:
                files.append((f"{label}.key", pem_of(key), SECRET))
    return Change([identity], _copy(folder, files, is_forced, certificate.not_valid_after_utc))


def export_authority(vault: Vault, folder: Path, form: str, is_forced: bool = False) -> Change:
    """Copy what others need of the authority, its certificate and its list of the revoked; never its key."""
    _check_form(form)
    authority = open_authority(vault).certificate
    if form == "p12":
        raise UsageError("bad_option", "a p12 file is for a certificate with its key, and the authority's key stays")
    if form == "der":
        files: list[File] = [(CA_CERTIFICATE + ".der", authority.public_bytes(Encoding.DER), PUBLIC)]
    else:
        files = [(CA_CERTIFICATE, authority.public_bytes(Encoding.PEM), PUBLIC)]
        revoked = vault.find(REVOCATION_LIST)
        if revoked is not None:
            files.append((REVOCATION_LIST, revoked, PUBLIC))
    return Change(files=_copy(folder, files, is_forced, authority.not_valid_after_utc))


def place_files(folder: Path, files: list[File], is_forced: bool) -> list[Path]:
    """Write files of the user's, all or none; raises UsageError "cannot_write", and "would_overwrite" of others."""
    target = Vault(folder, "choose another folder: --to FOLDER", "cannot_write")
    target.make_open()
    for name, content, _ in files:
        there = target.find(name)
        if there is not None and there != content and not is_forced:
            raise UsageError("would_overwrite", f"{target.path(name)} is there already, and is another")
    with target.writing(*files):
        return [target.path(name) for name, _, _ in files]


def _p12(
    label: str, key: PrivateKey, certificate: x509.Certificate, authority: x509.Certificate, passphrase: bytes
) -> bytes:
    how = BestAvailableEncryption(passphrase)
    try:
        return pkcs12.serialize_key_and_certificates(label.encode(), key, certificate, [authority], how)
    except ValueError as error:  # its form is for text, and it has a limit
        raise UsageError("bad_passphrase", f"a p12 file cannot have it ({error})", cause=error) from None


def _copy(
    folder: Path, files: list[File], is_forced: bool, expires: datetime.datetime
) -> list[tuple[Path, datetime.datetime | None]]:
    return [(path, expires if mode == PUBLIC or path.suffix == ".p12" else None)
            for path, (_, _, mode) in zip(place_files(folder, files, is_forced), files)]  # fmt: skip


def _check_form(form: str) -> None:
    if form not in FORMS:
        raise UsageError("bad_option", f"no form: {form!r}; there are {', '.join(FORMS)}")
