"""What the local authority has issued for others than this machine's own servers: in `issued/` of the vault, by label.

Issued, renewed with the same key or another, revoked, found, and copied out. Whatever was begun is either done or as
before; what a process that was killed left between two files is put right the next time. Layer 11.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

from microhttps.errors import UsageError

from ..certificates import UNREADABLE
from .authority import Ask, Authority, check_may_sign, open_authority, unlocking
from .issuing import Wanted, check_permitted, make_certificate, wanted_for, wanted_in
from .key_kinds import PrivateKey, PublicKey, as_private, as_public, kind_name_of, kind_of, pem_of
from .machine import LABEL as MACHINE
from .machine import SERVER_CERTIFICATE
from .record import Entry, Record
from .revocation import REASONS, is_complete, maybe_renew_list, write_list
from .vault import PUBLIC, SECRET, Vault

ISSUED = "issued"
PEM = serialization.Encoding.PEM
# Renewed when a third of its life is left, so that there is time to bring it where it is used.
DUE_AFTER = 2 / 3
MAX_LABEL = 200  # bytes: a file's name may have 255, with what else is in it while it is written


@dataclass(frozen=True)
class Identity:
    """A certificate: `status` is "good", "due", "expired", "revoked", "replaced" or "of an earlier authority"."""

    label: str
    entry: Entry
    status: str
    certificate_file: Path
    key_file: Path | None

    @property
    def certificate(self) -> x509.Certificate:
        return self.entry.certificate


@dataclass
class Change:
    """What a command has done: the identities, the files written with their ends, and warnings."""

    identities: list[Identity] = field(default_factory=list)
    files: list[tuple[Path, datetime.datetime | None]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def label_for(text: str) -> str:
    """What an identity is called that is for this name first: a file's name, and the same on every system."""
    label = text.replace("*.", "wildcard.").replace(":", "_").replace("/", "_").strip(". ")
    if not label or not label.isprintable() or label.startswith("-") or label == MACHINE:
        raise UsageError("bad_label", f"an identity cannot be called {label!r}: choose with --label")
    if len(label.encode()) > MAX_LABEL:
        raise UsageError("bad_label", f"its files can have names of {MAX_LABEL} bytes, not {len(label.encode())}")
    return label


def issue(vault: Vault, texts: Sequence[str], usage: str, kind: str, label: str | None, ask: Ask) -> Change:
    """A new key and a certificate; raises UsageError "already_issued" where there is one of this label."""
    kind_of(kind)

    def do(authority: Authority, change: Change) -> None:
        wanted = wanted_for(texts, usage, authority.constraints)
        name = label_for(label or names_of(wanted)[0])
        if Record(vault).entries(name):
            raise UsageError("already_issued", f"there is a certificate called {name!r} already", label=name)
        _sign_anew(vault, authority, name, wanted, kind, change)

    return _changing(vault, ask, do)


def renew(
    vault: Vault, label: str, texts: Sequence[str], ask: Ask, kind: str | None = None, is_new_key: bool = False
) -> Change:
    """Another certificate for the same names or for these; with the key there is, unless a new one is wanted."""

    def do(authority: Authority, change: Change) -> None:
        _renew(vault, authority, current(vault, label), texts, kind, is_new_key, change)

    return _changing(vault, ask, do)


def renew_due(vault: Vault, ask: Ask) -> Change:
    """Renew everything that is due, expired or of an earlier authority; all other things stay as they are."""

    def do(authority: Authority, change: Change) -> None:
        for identity in listed(vault):
            if identity.label != MACHINE and identity.status not in ("good", "revoked"):
                _renew(vault, authority, identity, (), None, False, change)

    return _changing(vault, ask, do)


def revoke(vault: Vault, what: str, reason: str, ask: Ask) -> Change:
    """Revoke what has this label, or the one with this serial number, and write the list of all that are revoked."""
    if reason not in REASONS:
        raise UsageError("bad_option", f"no reason: {reason!r}; there are {', '.join(REASONS)}")
    now = datetime.datetime.now(datetime.timezone.utc)

    def do(authority: Authority, change: Change) -> None:
        key = authority.read_key()
        _adopt(vault, authority)
        record = Record(vault)
        entries = _called(record, what)
        alive = [entry for entry in entries if entry.certificate.not_valid_after_utc > now and not entry.revoked]
        if not entries:
            raise _unknown(what)
        if not alive and is_complete(vault, authority, key, record, now):
            raise UsageError("not_revocable", f"{what} is expired or revoked already")
        change.files.append(write_list(vault, authority, key, record, now, alive, reason))
        revoked = {entry.serial for entry in alive or entries}
        change.identities += [one for one in listed(vault, is_all=True) if one.entry.serial in revoked]

    return _changing(vault, ask, do)


def listed(vault: Vault, is_all: bool = False) -> list[Identity]:
    """The certificate of every label, or all there ever were; the oldest first. Needs neither key nor lock."""
    authority, entries = open_authority(vault), Record(vault).entries()
    newest = {entry.label: entry.serial for entry in entries}
    return [_identity(vault, authority, entry, newest[entry.label] == entry.serial)
            for entry in entries if is_all or newest[entry.label] == entry.serial]  # fmt: skip


def current(vault: Vault, label: str) -> Identity:
    """The newest of a label; raises UsageError("no_such_identity")."""
    for identity in reversed(listed(vault)):
        if identity.label == label:
            return identity
    raise _unknown(label)


def read_pair(vault: Vault, label: str) -> tuple[Identity, PrivateKey | None]:
    """An identity and its key, None when that is not here; puts right what was left half-done."""
    identity = current(vault, label)
    folder = vault if label == MACHINE else vault.inner(ISSUED)
    _heal(folder, label, Record(vault))
    pem = folder.find(label + ".key")
    return identity, _load(pem, label) if pem else None


def names_of(wanted: Wanted) -> list[str]:
    return [str(name.value) for name in wanted.names] or [wanted.common_name]


def _changing(vault: Vault, ask: Ask, do: Callable[[Authority, Change], None]) -> Change:
    """Holds the vault while something is done, and opens the authority's key for it."""

    def act(unlock: Ask) -> Change:
        change = Change()
        with vault.locked():
            do(open_authority(vault, unlock), change)
        return change

    return unlocking(ask, act)


def _called(record: Record, what: str) -> list[Entry]:
    """All of a label, or the one with this serial number."""
    serial = what.lower().replace(":", "").lstrip("0")
    return record.entries(what) or [entry for entry in record.entries() if entry.serial.lstrip("0") == serial]


def _renew(
    vault: Vault, authority: Authority, old: Identity, texts: Sequence[str], kind: str | None, is_new_key: bool,
    change: Change,
) -> None:  # fmt: skip
    if old.label == MACHINE:
        raise UsageError("bad_label", "the certificate of this machine's own servers is renewed by microhttps serve")
    wanted = wanted_in(old.certificate)
    if texts:
        wanted = wanted_for(texts, wanted.usage, authority.constraints)
    check_permitted(wanted, authority.certificate)
    public = old.certificate.public_key()
    if is_new_key or kind or old.entry.reason == "key-compromise":
        return _sign_anew(vault, authority, old.label, wanted, kind or kind_name_of(public), change)
    _heal(vault.inner(ISSUED), old.label, Record(vault))
    return _sign(vault, authority, old.label, wanted, as_public(public, repr(old.label)), (), change)


def _sign_anew(
    vault: Vault, authority: Authority, label: str, wanted: Wanted, kind: str, change: Change
) -> None:
    making = kind_of(kind)
    if making.warning and making.warning not in change.warnings:
        change.warnings.append(making.warning)
    key = making.make()
    _sign(vault, authority, label, wanted, key.public_key(), ((label + ".key", pem_of(key), SECRET),), change)


def _sign(
    vault: Vault, authority: Authority, label: str, wanted: Wanted, public: PublicKey,
    files: tuple[tuple[str, bytes, int], ...], change: Change,
) -> None:  # fmt: skip
    """Sign for a key and write the certificate with these files; the record knows of it before they are in place."""
    now = datetime.datetime.now(datetime.timezone.utc)
    check_may_sign(vault, authority, now)
    signing = authority.read_key()
    certificate = make_certificate(authority, signing, public, wanted, now)
    folder, record = vault.inner(ISSUED), Record(vault)
    with folder.writing(*files, (label + ".crt", certificate.public_bytes(PEM), PUBLIC)):
        record.note(label, certificate, authority.identifier)
    maybe_renew_list(vault, authority, signing, record, now)
    change.identities.append(_identity(vault, authority, record.entries(label)[-1]))
    change.files.append((folder.path(label + ".crt"), certificate.not_valid_after_utc))
    change.files.extend((folder.path(name), None) for name, _, _ in files)


def _identity(vault: Vault, authority: Authority, entry: Entry, is_newest: bool = True) -> Identity:
    folder = vault.folder if entry.label == MACHINE else vault.path(ISSUED)
    key = folder / f"{entry.label}.key"
    return Identity(entry.label, entry, _status(authority, entry, is_newest), folder / f"{entry.label}.crt",
                    key if key.is_file() else None)  # fmt: skip


def _status(authority: Authority, entry: Entry, is_newest: bool) -> str:
    certificate, now = entry.certificate, datetime.datetime.now(datetime.timezone.utc)
    lifetime = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    states = (
        (entry.revoked is not None, "revoked"),
        (not is_newest, "replaced"),
        (entry.authority != authority.identifier, "of an earlier authority"),
        (now > certificate.not_valid_after_utc, "expired"),
        (now > certificate.not_valid_before_utc + lifetime * DUE_AFTER, "due"),
    )
    return next((state for is_so, state in states if is_so), "good")


def _heal(folder: Vault, label: str, record: Record) -> None:
    """A process that ended between two files left the key of another certificate: the record has the right one."""
    pem, key_pem = folder.find(label + ".crt"), folder.find(label + ".key")
    if key_pem is None:
        return
    public = _load(key_pem, label).public_key()
    if pem is not None and _public(pem) == public:
        return
    for entry in reversed(record.entries(label)):
        if entry.certificate.public_key() == public:
            folder.write(label + ".crt", entry.certificate.public_bytes(PEM), PUBLIC)
            return


def _adopt(vault: Vault, authority: Authority) -> None:
    """This machine's certificate may be older than the record."""
    pem = vault.find(SERVER_CERTIFICATE)
    if pem:
        try:
            certificate = x509.load_pem_x509_certificate(pem)
            certificate.verify_directly_issued_by(authority.certificate)
        except (*UNREADABLE, InvalidSignature):  # whatever is there is no certificate of ours
            return
        Record(vault).note(MACHINE, certificate, authority.identifier)


def _load(pem: bytes, label: str) -> PrivateKey:
    try:
        return as_private(serialization.load_pem_private_key(pem, None), repr(label))
    except UNREADABLE as error:
        raise UsageError("bad_key", f"the key of {label!r} cannot be read: {str(error).splitlines()[0]}") from None


def _public(pem: bytes) -> object:
    try:
        return x509.load_pem_x509_certificate(pem).public_key()
    except UNREADABLE:
        return None


def _unknown(what: str) -> UsageError:
    return UsageError("no_such_identity", f"nothing was issued that is called {what!r}")
