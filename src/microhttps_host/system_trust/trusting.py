"""Has our authority believed in every store of this machine, and takes back exactly what was given.

What we have added is noted in the vault before anybody is asked to forget it: where a store can say itself that a
certificate is ours, by its name, that counts as well. What somebody else has put there stays. Layer 12.
"""

import dataclasses
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cryptography import x509

from microhttps.errors import UsageError

from ..authority.authority import CA_CERTIFICATE, exists, open_authority
from ..authority.record import serial_text
from ..authority.vault import PUBLIC, Vault
from . import folders, keychain, nss, p11_kit, windows
from .anchor import Anchor, Label, NotDone, Store
from .place import Place

# Every kind of store there is.
FINDERS: tuple[Callable[[Place], Sequence[Store]], ...] = (
    folders.find_stores, p11_kit.find_stores, keychain.find_stores, windows.find_stores, nss.find_stores,
)  # fmt: skip
KINDS = ("system", "nss")
NOTES = "trusted.json"
TRUSTED, ALREADY, NOT_TRUSTED = "trusted", "trusted already", "not trusted"
REMOVED, NOT_THERE, NOT_OURS = "no longer trusted", "was not there", "put there by somebody else"


@dataclass(frozen=True)
class Outcome:
    """What came of it in one store; `command` is what is left to do, if anything is."""

    store: Label
    sha256: str
    state: str
    why: str = ""
    command: str = ""
    is_done: bool = True


def find_stores(place: Place, kinds: Iterable[str] = KINDS) -> list[Store]:
    """All the stores there are here, of these kinds; raises UsageError("bad_option")."""
    wanted = tuple(kinds) or KINDS
    for kind in wanted:
        if kind not in KINDS:
            raise UsageError("bad_option", f"no kind of store: {kind!r}; there are {', '.join(KINDS)}")
    return [store for find in FINDERS for store in find(place) if store.label.kind in wanted]


def look(vault: Vault, place: Place, kinds: Iterable[str] = ()) -> list[Outcome]:
    """Where our authority is believed; changes nothing. Raises UsageError("no_authority")."""
    anchor = _anchor_of(vault)

    def act(store: Store) -> Outcome:
        is_trusted = store.is_trusted(anchor)
        return Outcome(store.label, anchor.sha256, TRUSTED if is_trusted else NOT_TRUSTED, is_done=is_trusted)

    return [_outcome(store, anchor, act) for store in find_stores(place, kinds)]


def trust(vault: Vault, place: Place, kinds: Iterable[str] = ()) -> list[Outcome]:
    """Have our authority believed everywhere; may be called twice. Raises UsageError("no_authority")."""
    anchor = _anchor_of(vault)
    stores = find_stores(place, kinds)
    with vault.locked():
        notes = _Notes(vault)

        def act(store: Store) -> Outcome:
            if store.is_trusted(anchor):
                return Outcome(store.label, anchor.sha256, ALREADY)
            notes.add(store, anchor)
            try:
                store.add(anchor)
            except NotDone:
                notes.remove(store.label.where, anchor.sha256)
                raise
            return Outcome(store.label, anchor.sha256, TRUSTED)

        return [_outcome(store, anchor, act) for store in stores]


def untrust(vault: Vault, place: Place, kinds: Iterable[str] = ()) -> list[Outcome]:
    """Take back what `trust` has given, of earlier authorities of this vault as well; may be called twice."""
    stores = find_stores(place, kinds)
    with vault.locked():
        notes = _Notes(vault)
        outcomes = []
        for anchor in _anchors(vault, notes):

            def act(store: Store, anchor: Anchor = anchor) -> Outcome:
                if not (store.is_ours(anchor) or notes.has(store, anchor)):
                    state = NOT_OURS if store.is_trusted(anchor) else NOT_THERE
                    return Outcome(store.label, anchor.sha256, state)
                if store.is_ours(anchor) or store.is_trusted(anchor):
                    store.remove(anchor)
                notes.remove(store.label.where, anchor.sha256)
                return Outcome(store.label, anchor.sha256, REMOVED)

            outcomes += [_outcome(store, anchor, act) for store in stores]
        return outcomes


def _outcome(store: Store, anchor: Anchor, act: Callable[[Store], Outcome]) -> Outcome:
    try:
        return act(store)
    except NotDone as error:
        return Outcome(store.label, anchor.sha256, error.state, error.why, error.command, False)
    except OSError as error:
        return Outcome(store.label, anchor.sha256, "failed", (error.strerror or str(error)).lower(), "", False)


def _anchor_of(vault: Vault) -> Anchor:
    return Anchor(vault.path(CA_CERTIFICATE), open_authority(vault).certificate)


def _anchors(vault: Vault, notes: "_Notes") -> list[Anchor]:
    """Our authority, if it is still there, and all that are noted."""
    found = {anchor.sha256: anchor for anchor in notes.anchors()}
    if exists(vault):
        ours = _anchor_of(vault)
        found[ours.sha256] = ours
    return list(found.values())


class _Notes:
    """What we have added: the store's place, the fingerprint, and the certificate itself, which may be replaced."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        try:
            self._lines: list[dict[str, str]] = json.loads(vault.find(NOTES) or b"[]")
            self._read = [x509.load_pem_x509_certificate(line["pem"].encode()) for line in self._lines]
            if any(not {"where", "sha256"} <= set(line) for line in self._lines):
                raise ValueError
        except (ValueError, TypeError, KeyError):
            raise UsageError("notes_damaged", f"{vault.path(NOTES)} is not what was written there") from None

    def has(self, store: Store, anchor: Anchor) -> bool:
        return any(line["where"] == store.label.where and line["sha256"] == anchor.sha256 for line in self._lines)

    def add(self, store: Store, anchor: Anchor) -> None:
        if not self.has(store, anchor):
            line = {**dataclasses.asdict(store.label), "sha256": anchor.sha256, "pem": anchor.pem.decode()}
            self._save([*self._lines, line])

    def remove(self, where: str, sha256: str) -> None:
        self._save([line for line in self._lines if (line["where"], line["sha256"]) != (where, sha256)])

    def anchors(self) -> list[Anchor]:
        """Each with a file to name to others, under the name it was kept by when it was replaced."""
        return [self._anchor(certificate) for certificate in self._read]

    def _anchor(self, certificate: x509.Certificate) -> Anchor:
        anchor = Anchor(self._vault.path(CA_CERTIFICATE), certificate)
        if anchor.pem != self._vault.find(CA_CERTIFICATE):
            name = f"ca-{serial_text(certificate)[:8]}.crt"
            anchor.file = self._vault.path(name)
            if self._vault.find(name) is None:
                self._vault.write(name, anchor.pem, PUBLIC)
        return anchor

    def _save(self, lines: list[dict[str, str]]) -> None:
        self._lines = lines
        self._vault.write(NOTES, json.dumps(lines, indent=1).encode(), PUBLIC)
