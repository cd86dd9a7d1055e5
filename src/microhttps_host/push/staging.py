"""The files that make a board run an application over HTTPS, in memory and in order; and the folder they are staged in.

    main.py                 the application, as source: MicroPython runs no other at its start
    *.mpy                   its own modules, compiled
    device.crt, device.key  under the names it uses, as DER; and whom it trusts
    lib/microhttps/         the runtime, merged and compiled, without what the application does not use

In a folder stand a package.json (for mip) and a manifest.py (to freeze it) as well; these speak of the runtime alone,
because a key is nothing to fetch over a network. Layer 13.
"""

import datetime
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from microhttps.errors import UsageError

from ..board.build import BUILT, ROOTS, build, compile_file, emptied
from ..board.modules import PACKAGE, BuildError
from .device_identity import DeviceIdentity, trust_file
from .usage import Usage

MAIN = "main.py"
LIBRARY = "lib"
RUNTIME = f"{LIBRARY}/{PACKAGE}"
MIP, MANIFEST = "package.json", "manifest.py"
USUAL = ("device.crt", "device.key")
SECRET, PUBLIC = 0o600, 0o644


@dataclass(frozen=True)
class Staged:
    """One file: its path on the board, what is in it, when a certificate in it ends, and whether it is a secret."""

    path: str
    content: bytes
    expires: datetime.datetime | None = None
    is_secret: bool = False

    @property
    def place(self) -> str:
        """Where it stands in a folder that is as the board's root: what a board calls /device.key is in there, too."""
        return self.path.lstrip("/")


def stage(
    usage: Usage | None, profile: str, identity: DeviceIdentity | None = None, trusts: Sequence[tuple[str, Path]] = (),
    extra: Sequence[Path] = (),
) -> list[Staged]:  # fmt: skip
    """All files in the order in which they have to be in place, the application last; without one the runtime alone.

    Raises UsageError: "bad_application" when MicroPython would not take it or it names files outside of the board's
    root, "bad_certificate_file", "bad_option" for what cannot be read.
    """
    files = _runtime(usage, profile)
    if usage is None:
        return files
    if identity:
        files += [Staged(path, content, None if at and len(names) > 1 else identity.expires, at == len(names) - 1)
                  for names in [usage.identity or USUAL]
                  for at, (path, content) in enumerate(identity.files(names))]  # fmt: skip
    for path, source in trusts:
        content, expires = trust_file(source)
        files.append(Staged(path, content, expires))
    files += [staged for each in extra for staged in _read_tree(each)]
    for file in files:
        if ".." in PurePosixPath(file.path).parts:
            raise UsageError("bad_application", f"{file.path} would lie outside of the root of the board")
    return files + _application(usage)


def _runtime(usage: Usage | None, profile: str) -> list[Staged]:
    wanted = usage.names if usage else None
    has_roots = usage is None and profile != "server" or usage is not None and usage.wants_public_roots
    with tempfile.TemporaryDirectory() as folder:
        try:
            built = build(Path(folder), profile, wanted=wanted)
        except BuildError as error:
            raise UsageError("board_build_failed", str(error)) from None
        return [Staged(f"{RUNTIME}/{path.name}", path.read_bytes()) for path in sorted(built.files)
                if path.name != ROOTS or has_roots]  # fmt: skip


def _application(usage: Usage) -> list[Staged]:
    """Its modules compiled, and itself as source, which was compiled too, to see that MicroPython takes it."""
    files = []
    with tempfile.TemporaryDirectory() as folder:
        for name, source in [*sorted(usage.modules.items()), (MAIN, usage.path)]:
            target = Path(folder, name).with_suffix(".mpy")
            target.parent.mkdir(parents=True, exist_ok=True)
            _compile(source, target)
            if name != MAIN:
                compiled = Path(name).with_suffix(".mpy").as_posix()
                files.append(Staged(compiled, target.read_bytes(), is_secret=_is_private(source)))
    return [*files, Staged(MAIN, usage.path.read_bytes(), is_secret=_is_private(usage.path))]


def _is_private(source: Path) -> bool:
    """Whether nobody else may read it, as a module that holds a key: so it stays."""
    return source.stat().st_mode & 0o077 == 0


def _compile(source: Path, target: Path) -> None:
    try:
        compile_file(source, target)
    except BuildError as error:
        raise UsageError("bad_application", f"{source}: MicroPython does not take it: {_last_line(error)}") from None


def _last_line(error: Exception) -> str:
    return str(error).strip().splitlines()[-1]


def _read_tree(path: Path) -> list[Staged]:
    """A file, or all files of a folder, by their paths on the board: beside the application, as here."""
    try:
        found = [each for each in sorted(path.rglob("*")) if each.is_file()] if path.is_dir() else [path]
        return [Staged(each.relative_to(path.parent).as_posix(), each.read_bytes(), is_secret=_is_private(each))
                for each in found]  # fmt: skip
    except OSError as error:
        raise UsageError("bad_option", f"cannot read {path}: {(error.strerror or str(error)).lower()}") from None


def write_folder(folder: Path, files: Sequence[Staged], profile: str) -> list[Staged]:
    """Write them below a folder, each whole or not at all; gives all that stands there, with what mip and makers need.

    Raises UsageError("cannot_write").
    """
    runtime = [file.path for file in files if file.path.startswith(RUNTIME + "/")]
    files = [*files, Staged(MIP, _package(runtime)), Staged(MANIFEST, _manifest(profile))]
    try:
        emptied(folder / RUNTIME, BUILT)  # it may be of another profile, or have more in it
        for file in files:
            _write(folder / file.place, file)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UsageError("cannot_write", f"cannot write {error.filename or folder}: {why}") from None
    except BuildError as error:
        raise UsageError("cannot_write", str(error)) from None
    return files


def _write(target: Path, file: Staged) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    begun = target.with_name(f".{target.name}.new")
    begun.unlink(missing_ok=True)
    try:
        mode = SECRET if file.is_secret else PUBLIC
        with open(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
            out.write(file.content)
        begun.replace(target)
    except BaseException:  # what is half-written goes; re-raised
        begun.unlink(missing_ok=True)
        raise


def _package(runtime: Sequence[str]) -> bytes:
    urls = [[path.removeprefix(LIBRARY + "/"), path] for path in runtime]
    return (json.dumps({"version": version(PACKAGE), "urls": urls, "deps": []}, indent=1) + "\n").encode()


def _manifest(profile: str) -> bytes:
    lines = (f'metadata(version="{version(PACKAGE)}", description="microhttps: {profile}, compiled")',
             f'freeze_mpy("{LIBRARY}")')  # fmt: skip
    return ("\n".join(lines) + "\n").encode()
