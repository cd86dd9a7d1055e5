"""Arch Linux and its relatives: `trust anchor`, of p11-kit. What is in the store there has no name of ours. Layer 12.
"""

import os

from .anchor import FAILED, NEEDS_ROOT, Anchor, Label, NotDone, last_line, shell
from .folders import is_in_bundle
from .place import Place

FOLDER = "etc/ca-certificates/trust-source"
BUNDLE = "etc/ca-certificates/extracted/tls-ca-bundle.pem"
PROGRAM = "trust"


class P11KitStore:
    """The system's store; a `Store`."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._folder = place.root / FOLDER
        self.label = Label("system", "Arch", str(self._folder))

    def is_trusted(self, anchor: Anchor) -> bool:
        return is_in_bundle(self._place.root / BUNDLE, anchor)

    def is_ours(self, anchor: Anchor) -> bool:
        return False

    def add(self, anchor: Anchor) -> None:
        self._do("--store", anchor)

    def remove(self, anchor: Anchor) -> None:
        self._do("--remove", anchor)

    def _do(self, what: str, anchor: Anchor) -> None:
        command = [PROGRAM, "anchor", what, str(anchor.file)]
        if not os.access(self._folder, os.W_OK):
            raise NotDone(NEEDS_ROOT, f"only root may change {self._folder}", shell(command, True))
        done = self._place.run(command, "")
        if done.status:
            raise NotDone(FAILED, f"trust anchor: {last_line(done.said)}")


def find_stores(place: Place) -> list[P11KitStore]:
    """The system's own store, if it is Arch's."""
    is_here = (place.root / FOLDER).is_dir() and place.find_program(PROGRAM) is not None
    return [P11KitStore(place)] if is_here else []
