"""The certificate that is to be believed, in the forms stores want, and what every kind of store can say and do.

Layer 12.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding


class Anchor:
    """An authority's certificate, in a file. `name` is what we call it in a store, and nothing else is called so."""

    def __init__(self, file: Path, certificate: x509.Certificate) -> None:
        self.file = file
        self.pem = certificate.public_bytes(Encoding.PEM)
        self.der = certificate.public_bytes(Encoding.DER)
        self.sha256 = certificate.fingerprint(hashes.SHA256()).hex()
        self.sha1 = certificate.fingerprint(hashes.SHA1()).hex()
        self.name = f"microhttps-{self.sha256[:16]}"


class NotDone(Exception):
    """A store was left as it was: why, and the command by which somebody who may do it does it."""

    def __init__(self, state: str, why: str, command: str = "") -> None:
        super().__init__(why)
        self.state = state
        self.why = why
        self.command = command


# What a store says of itself when it was left as it was.
NEEDS_ROOT, NO_TOOL, FAILED = "needs root", "needs a tool", "failed"


@dataclass(frozen=True)
class Label:
    """A store for people: its kind, whose it is, and where it is."""

    kind: str
    whose: str
    where: str


class Store(Protocol):
    """One list of authorities that somebody believes. All but `label` may block, and raise NotDone."""

    label: Label

    def is_trusted(self, anchor: Anchor) -> bool:
        """Whether this authority is believed there, whoever has put it there."""

    def is_ours(self, anchor: Anchor) -> bool:
        """Whether the store itself says that it was put there by us."""

    def add(self, anchor: Anchor) -> None:
        """Have it believed."""

    def remove(self, anchor: Anchor) -> None:
        """Have it believed no more."""


def shell(command: Sequence[str | Path], is_root: bool = False) -> str:
    """A command as somebody types it."""
    return ("sudo " if is_root else "") + shlex.join(map(str, command))


def last_line(said: str) -> str:
    """What a tool complains of, in one line that cannot move the cursor."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return "".join(letter for letter in (lines[-1] if lines else "it did not say why") if letter.isprintable())[:200]
