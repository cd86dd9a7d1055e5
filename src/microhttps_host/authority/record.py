"""What the authority has issued and revoked, in `issued.sqlite` of the vault: one row a certificate, none ever deleted.

A certificate is in the record before its files are in their places, so whatever may be out there can be named and
revoked. Anybody's sqlite3 reads it. Whoever writes holds the vault's lock. Layer 11.
"""

import contextlib
import datetime
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from microhttps.errors import UsageError

from ..certificates import UNREADABLE, readable
from .identity_names import text_of
from .vault import SECRET, Vault

RECORD = "issued.sqlite"
VERSION = 1
TABLES = """
CREATE TABLE issued (
    serial TEXT PRIMARY KEY,        -- hexadecimal, as openssl shows it
    label TEXT NOT NULL,            -- what it is called here
    names TEXT NOT NULL,            -- whom it is for, separated by spaces
    issued TEXT NOT NULL,           -- times are ISO 8601, UTC
    expires TEXT NOT NULL,
    authority TEXT NOT NULL,        -- SHA-256 of the public key that it is verified with
    certificate BLOB NOT NULL,      -- DER
    revoked TEXT,
    reason TEXT
);
CREATE INDEX by_label ON issued (label);
CREATE TABLE lists (number INTEGER PRIMARY KEY AUTOINCREMENT, issued TEXT NOT NULL);
"""


def serial_text(certificate: x509.Certificate) -> str:
    text = f"{certificate.serial_number:x}"
    return "0" * (len(text) % 2) + text


def key_identifier(certificate: x509.Certificate) -> str:
    """SHA-256 of a certificate's public key: what stays when an authority is renewed with the key it has."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return digest.finalize().hex()


def names_in(certificate: x509.Certificate) -> list[str]:
    """The alternative names of a certificate as people write them, or its common name when it has none."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return [text_of(name) for name in names]
    except x509.ExtensionNotFound:
        return [str(found.value) for found in certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)]


@dataclass(frozen=True)
class Entry:
    """One certificate of the record; `certificate` raises UsageError("record_damaged")."""

    serial: str
    label: str
    authority: str
    der: bytes
    revoked: datetime.datetime | None
    reason: str | None

    @cached_property
    def certificate(self) -> x509.Certificate:
        try:
            return readable(x509.load_der_x509_certificate(self.der))
        except UNREADABLE as error:
            raise _damaged(RECORD, f"its certificate {self.serial} cannot be read", error) from None


class Record:
    """The record of a vault; raises UsageError "state_unusable" and "record_damaged"."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._path = vault.path(RECORD)

    def note(self, label: str, certificate: x509.Certificate, authority: str) -> None:
        """Add a certificate; one that is there already stays as it is."""
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
        row = (
            serial_text(certificate), label, " ".join(names_in(certificate)), now,
            certificate.not_valid_after_utc.isoformat(), authority, certificate.public_bytes(Encoding.DER),
        )  # fmt: skip
        with self._writing() as database:
            database.execute(
                "INSERT OR IGNORE INTO issued (serial, label, names, issued, expires, authority, certificate) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)", row)  # fmt: skip

    def revoke(self, serials: list[str], reason: str, when: datetime.datetime) -> None:
        """Mark certificates as revoked, all or none; one that is already stays as it was."""
        at = when.isoformat(timespec="seconds")
        with self._writing() as database:
            for serial in serials:
                database.execute(
                    "UPDATE issued SET revoked = ?, reason = ? WHERE serial = ? AND revoked IS NULL",
                    (at, reason, serial))  # fmt: skip

    def next_list_number(self, when: datetime.datetime) -> int:
        """A number for a new list of revoked certificates, larger than all before (RFC 5280 section 5.2.3)."""
        with self._writing() as database:
            made = database.execute("INSERT INTO lists (issued) VALUES (?)", (when.isoformat(timespec="seconds"),))
            return int(made.lastrowid or 0)

    def entries(self, label: str | None = None) -> list[Entry]:
        """All, or those of one label, the oldest first; none when there is no record yet."""
        if not self._path.exists():
            return []
        # A process that was killed may have left something to undo, which needs writing; where we may not, so be it.
        with self._open("rw" if os.access(self._path, os.W_OK) else "ro") as database:
            if not database.execute("PRAGMA user_version").fetchone()[0]:
                return []  # whoever was to make it had no room
            chosen, values = ("WHERE label = ?", (label,)) if label is not None else ("", ())
            rows = database.execute(
                f"SELECT serial, label, authority, certificate, revoked, reason FROM issued {chosen} ORDER BY rowid",
                values)  # fmt: skip
            return [Entry(serial, name, authority, der, _time(revoked), reason)
                    for serial, name, authority, der, revoked, reason in rows]  # fmt: skip

    def find(self, certificate: x509.Certificate) -> Entry | None:
        serial = serial_text(certificate)
        return next((entry for entry in self.entries() if entry.serial == serial), None)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: what is written is on the disk when the block has ended, and not at all when it raises."""
        self._make()
        with self._open("rw") as database, database:
            yield database

    def _make(self) -> None:
        """Secret from its first byte: sqlite would leave that to the umask."""
        try:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, SECRET))
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from None
        with self._open("rw") as database:
            if not database.execute("PRAGMA user_version").fetchone()[0]:
                database.executescript(f"BEGIN; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;")

    @contextlib.contextmanager
    def _open(self, mode: str) -> Iterator[sqlite3.Connection]:
        try:
            database = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode={mode}", uri=True, timeout=10)
            with contextlib.closing(database):
                database.execute("PRAGMA synchronous = FULL")
                yield database
        except sqlite3.OperationalError as error:  # the system: no room, no permission, somebody else holds it
            raise self._unusable(str(error)) from None
        except (sqlite3.DatabaseError, ValueError, TypeError) as error:  # or a text or a time in it that is none
            raise _damaged(self._path, str(error), error) from None

    def _unusable(self, why: str) -> UsageError:
        return UsageError("state_unusable", f"cannot use {self._path}: {why.lower()}; {self._vault.instead}")


def _damaged(where: object, why: str, cause: BaseException) -> UsageError:
    said = (f"{where} is damaged: {why}; bring it back from a copy, or move it away: what is issued goes on working, "
            "and what was revoked is in ca.crl only")
    return UsageError("record_damaged", said, cause=cause)


def _time(text: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None
