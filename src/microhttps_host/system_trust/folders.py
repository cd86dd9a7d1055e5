"""Systems that read a folder of authorities and make one file of all of them: Debian, Ubuntu, Fedora, openSUSE.

A certificate that we put there is a file with our name for it, and nobody else's is touched. Layer 12.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from .anchor import FAILED, NEEDS_ROOT, Anchor, Label, NotDone, last_line, shell
from .place import Done, Place


@dataclass(frozen=True)
class Kind:
    """Where a system looks, the program that makes one file of it, and that file.

    `again` are its options when something is gone, and `also` is what has to be told of that.
    """

    whose: str
    folder: str
    program: str
    bundle: str
    again: tuple[str, ...] = ()
    also: str = ""


# Debian: man update-ca-certificates. Without --fresh it leaves links to what is gone; and of what was removed from this
# folder it never tells its hooks, so that Java would go on to believe it: delete `also` when it does tell them.
# Fedora: man update-ca-trust. openSUSE: its own update-ca-certificates.
KINDS = (
    Kind("Debian, Ubuntu", "usr/local/share/ca-certificates", "update-ca-certificates",
         "etc/ssl/certs/ca-certificates.crt", ("--fresh",), "etc/ca-certificates/update.d/jks-keystore"),
    Kind("Fedora, Red Hat", "etc/pki/ca-trust/source/anchors", "update-ca-trust",
         "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
    Kind("openSUSE", "etc/pki/trust/anchors", "update-ca-certificates", "var/lib/ca-certificates/ca-bundle.pem"),
)  # fmt: skip
READABLE = 0o644


class FolderStore:
    """One such system; a `Store`."""

    def __init__(self, place: Place, kind: Kind, program: str) -> None:
        self.label = Label("system", kind.whose, str(place.root / kind.folder))
        self._place = place
        self._program = program
        self._folder = place.root / kind.folder
        self._bundle = place.root / kind.bundle
        self._kind = kind

    def is_trusted(self, anchor: Anchor) -> bool:
        return is_in_bundle(self._bundle, anchor)

    def is_ours(self, anchor: Anchor) -> bool:
        path = self._file(anchor)
        return path.is_file() and path.read_bytes() == anchor.pem

    def add(self, anchor: Anchor) -> None:
        path = self._file(anchor)
        self._check_may_write(["cp", anchor.file, path])
        # Its name ends otherwise until it is whole: who makes the bundle meanwhile does not read it.
        new = path.with_suffix(".new")
        try:
            new.write_bytes(anchor.pem)
            new.chmod(READABLE)
            os.replace(new, path)
        except OSError as error:
            new.unlink(missing_ok=True)
            raise NotDone(FAILED, f"cannot write {path}: {(error.strerror or str(error)).lower()}") from None
        try:
            self._update()
            if not self.is_trusted(anchor):
                raise NotDone(FAILED, f"{self._program} has not taken it into {self._bundle}")
        except NotDone:
            path.unlink(missing_ok=True)
            raise

    def remove(self, anchor: Anchor) -> None:
        path = self._file(anchor)
        hook = self._place.root / self._kind.also
        gone = f"-{self._bundle.with_name(anchor.name)}.pem"
        is_told = bool(self._kind.also) and hook.is_file()
        by_hand = f" && echo {gone} | {shell([hook], True)}" if is_told else ""
        self._check_may_write(["rm", path], *self._kind.again, then=by_hand)
        path.unlink(missing_ok=True)
        self._update(*self._kind.again)
        if is_told:
            self._check(self._place.run([str(hook)], gone + "\n"), hook.name)

    def _file(self, anchor: Anchor) -> Path:
        return self._folder / f"{anchor.name}.crt"

    def _check_may_write(self, first: list[str | Path], *options: str, then: str = "") -> None:
        if not os.access(self._folder, os.W_OK):
            update = shell([Path(self._program).name, *options], True)
            raise NotDone(NEEDS_ROOT, f"only root may change {self._folder}", f"{shell(first, True)} && {update}{then}")

    def _update(self, *options: str) -> None:
        self._check(self._place.run([self._program, *options], ""), self._program)

    def _check(self, done: Done, program: str) -> None:
        if done.status:
            raise NotDone(FAILED, f"{program}: {last_line(done.said)}")


def find_stores(place: Place) -> list[FolderStore]:
    """The system's own store, if it is one of these."""
    found = []
    for kind in KINDS:
        program = place.find_program(kind.program)
        if program and (place.root / kind.folder).is_dir():
            found.append(FolderStore(place, kind, program))
    return found


def is_in_bundle(bundle: Path, anchor: Anchor) -> bool:
    """Whether a file of many certificates has this one."""
    try:
        content = bundle.read_bytes()
    except OSError:
        return False
    return b"".join(anchor.pem.split(b"\n")[1:-2]) in content.replace(b"\n", b"").replace(b"\r", b"")
