"""The certificate of this machine's own servers, which `microhttps serve` uses: the one there is, or a new one.

Makes the authority first if there is none. A machine's names are nobody's choice, so that those the authority may not
vouch for are left out and told, and not refused; a name that somebody chose is refused. Layer 11.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

from microhttps.errors import UsageError

from ..certificates import UNREADABLE
from .authority import (
    CA_CERTIFICATE,
    Ask,
    Authority,
    Plan,
    check_may_sign,
    exists,
    make_authority,
    nobody,
    open_authority,
    unlocking,
)
from .constraints import is_permitted
from .identity_names import subject_name, text_of
from .issuing import Wanted, check_permitted, common_name_for, make_certificate
from .key_kinds import DEFAULT_KIND, kind_of, pem_of
from .record import Record
from .revocation import write_list
from .vault import PUBLIC, SECRET, Vault

SERVER_CERTIFICATE, SERVER_KEY = "server.crt", "server.key"
LABEL = "server"
# A certificate this close to its end is replaced when it is next wanted.
RENEWED_BEFORE = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Issued:
    """The files of an identity, and what to tell about them."""

    certificate: Path
    key: Path
    authority: Path
    names: tuple[str, ...]
    expires: datetime.datetime
    authority_expires: datetime.datetime
    is_new: bool
    is_new_authority: bool
    left_out: tuple[str, ...] = ()


def server_identity(
    vault: Vault, names: Sequence[str], chosen: Sequence[str] = (), ask: Ask = nobody
) -> Issued:
    """The certificate of this machine's servers for the names it has and those that somebody chose.

    Raises UsageError: "bad_name", "not_permitted" (of the chosen), "state_unusable", "authority_damaged",
    "authority_ends", and when a new one is needed "no_authority_key", "passphrase_needed", "wrong_passphrase".
    """
    return unlocking(ask, lambda unlock: _server_identity(vault, names, chosen, unlock))


def _server_identity(vault: Vault, names: Sequence[str], chosen: Sequence[str], ask: Ask) -> Issued:
    ours, theirs = [subject_name(name) for name in names], [subject_name(name) for name in chosen]
    now = datetime.datetime.now(datetime.timezone.utc)
    with vault.locked():
        is_new_authority = not exists(vault)
        authority = _first_authority(vault, [*names, *chosen], now) if is_new_authority else open_authority(vault, ask)
        check_permitted(Wanted(tuple(theirs), "", "server"), authority.certificate)
        subjects = [name for name in [*theirs, *ours] if is_permitted(name, authority.constraints)]
        wanted = tuple(dict.fromkeys(subjects))
        certificate = _find_usable(vault, authority, wanted, now)
        is_new = certificate is None
        if certificate is None:
            certificate = _issue(vault, authority, wanted, now)
    return Issued(
        vault.path(SERVER_CERTIFICATE), vault.path(SERVER_KEY), vault.path(CA_CERTIFICATE),
        tuple(text_of(name) for name in wanted),
        certificate.not_valid_after_utc, authority.certificate.not_valid_after_utc, is_new, is_new_authority,
        tuple(text_of(name) for name in ours if name not in wanted),
    )  # fmt: skip


def _first_authority(vault: Vault, names: Sequence[str], now: datetime.datetime) -> Authority:
    authority = make_authority(vault, Plan(names))
    write_list(vault, authority, authority.read_key(), Record(vault), now)
    return authority


def _find_usable(
    vault: Vault, authority: Authority, names: Sequence[x509.GeneralName], now: datetime.datetime
) -> x509.Certificate | None:
    """The one there is, unless it ends soon, was revoked, is for other names, of another authority or another key."""
    pem, key_pem = vault.find(SERVER_CERTIFICATE), vault.find(SERVER_KEY)
    if pem is None or key_pem is None or vault.is_exposed(SERVER_KEY):
        return None
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        key = serialization.load_pem_private_key(key_pem, password=None)
        certificate.verify_directly_issued_by(authority.certificate)
        there = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (*UNREADABLE, InvalidSignature, x509.ExtensionNotFound):
        return None
    # Without the authority's key there will be no other: an address too many is better than no server.
    fits = set(there) == set(names) if authority.has_key else set(there) >= set(names)
    is_good = (
        certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEWED_BEFORE
        and fits
        and key.public_key() == certificate.public_key()
        and not _is_revoked(vault, certificate)
    )
    return certificate if is_good else None


def _is_revoked(vault: Vault, certificate: x509.Certificate) -> bool:
    entry = Record(vault).find(certificate)
    return entry is not None and entry.revoked is not None


def _issue(
    vault: Vault, authority: Authority, names: tuple[x509.GeneralName, ...], now: datetime.datetime
) -> x509.Certificate:
    check_may_sign(vault, authority, now)
    if not names:
        raise UsageError("bad_name", "this machine has no name or address that its authority may vouch for")
    key = kind_of(DEFAULT_KIND).make()
    wanted = Wanted(names, common_name_for(names), "server")
    certificate = make_certificate(authority, authority.read_key(), key.public_key(), wanted, now)
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    with vault.writing((SERVER_KEY, pem_of(key), SECRET), (SERVER_CERTIFICATE, pem, PUBLIC)):
        Record(vault).note(LABEL, certificate, authority.identifier)
    return certificate
