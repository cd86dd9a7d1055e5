"""Builds the MicroPython of a Pico W's TLS, to run here: its configuration of Mbed TLS, which Debian's package has not.

    python tools/pico_micropython.py     answers at once when it is there; else a minute and a half
    MICROPYTHON=none                     builds nothing
    MICROPYTHON_PICO=...                 the tests use this program, and nothing is built

Debian's source packages of MicroPython and of Mbed TLS, put together as MicroPython itself does, which Debian does not:
then the configuration is the one in extmod/mbedtls, of the Pico W and of other boards without a system. What is left
is one program, .micropython/bin/micropython-pico. Where it cannot be built it says so, and the tests that ask it are
deselected and counted; all others need it not.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from micropython import (
    FOLDER,
    SUITE,
    CannotBring,
    complaint,
    find_mirrors,
    private_lists,
    say,
    try_run,
    version_of,
)

NAME = "micropython-pico"
SOURCES = ("micropython", "mbedtls")
OF_MBEDTLS = ("library", "include", "3rdparty")
# Of the unix port what is for tests of TLS: no other library, no frozen modules.
OPTIONS = ("VARIANT=standard", "MICROPY_PY_FFI=0", "MICROPY_PY_BTREE=0", "MICROPY_SSL_AXTLS=0", "MICROPY_SSL_MBEDTLS=1",
           "FROZEN_MANIFEST=")  # fmt: skip


def main(environment: Mapping[str, str] = os.environ, folder: Path = FOLDER) -> int:
    """Builds what is missing; returns 0 also when it cannot, because only few tests want it."""
    program = folder / "bin" / NAME
    if environment.get("MICROPYTHON") == "none" or environment.get("MICROPYTHON_PICO") or version_of(program, 64):
        return 0
    try:
        with tempfile.TemporaryDirectory(prefix=".pico-", dir=_made(folder)) as room:
            _build(Path(room), program, environment)
        say(f"MicroPython {version_of(program, 64)} with the TLS of a Pico W: {os.path.relpath(program)}")
    except CannotBring as error:
        say(f"!!! no {NAME}: {error}; the tests that ask it are deselected")
    return 0


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _build(room: Path, program: Path, environment: Mapping[str, str]) -> None:
    """Leaves the program, whole or not at all."""
    for tool in ("apt-get", "make", "gcc"):
        if not shutil.which(tool, path=environment.get("PATH", os.defpath)):
            raise CannotBring(f"there is no {tool} on this machine to build it with")
    say("building a MicroPython with the TLS of a Pico W from Debian's sources, which takes a minute or two")
    _download(room, environment)
    base = _unpack(room)
    port = base / "ports" / "unix"
    done = try_run(["make", f"-j{os.cpu_count() or 1}", *OPTIONS], environment, port)
    built = port / "build-standard" / "micropython"
    if done.returncode or not version_of(built, 64):
        raise CannotBring(f"it could not be built: {complaint(done.stderr)}")
    program.parent.mkdir(parents=True, exist_ok=True)
    begun = program.with_name(f".{NAME}-{os.getpid()}")
    shutil.copy2(built, begun)
    begun.replace(program)


def _download(room: Path, environment: Mapping[str, str]) -> None:
    """The archives of both sources, from the first mirror that has them; their signatures are checked by apt."""
    tried = []
    for mirror, keyring in find_mirrors(room, environment):
        source = room / "sources.list"
        source.write_text(f"deb-src [signed-by={keyring}] {mirror} {SUITE} main\n")
        options = [*private_lists(room / "apt"), "-o", f"Dir::Etc::SourceList={source}"]
        options += ["-o", "Dir::Etc::SourceParts=/dev/null", "-o", "Dir::Etc::PreferencesParts=/dev/null"]
        updated = try_run(["apt-get", *options, "update"], environment, room)
        done = try_run(["apt-get", *options, "source", "--download-only", *SOURCES], environment, room)
        if done.returncode == 0:
            return
        tried.append(f"{mirror}: {complaint(updated.stderr) or complaint(done.stderr)}")
    raise CannotBring("apt could not download the sources. " + " | ".join(tried))


def _unpack(room: Path) -> Path:
    """MicroPython's folder, with Mbed TLS where its submodule would be."""
    for name in SOURCES:
        [archive] = room.glob(f"{name}_*.orig.tar.*")
        try:
            shutil.unpack_archive(archive, room)
        except (OSError, shutil.ReadError) as error:
            raise CannotBring(f"{archive.name} cannot be unpacked: {error}") from error
    base, mbedtls = (next(room.glob(f"{name}-*/")) for name in SOURCES)
    inside = base / "lib" / "mbedtls"
    shutil.rmtree(inside, ignore_errors=True)
    for part in OF_MBEDTLS:
        shutil.copytree(mbedtls / part, inside / part)
    return base


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.TimeoutExpired as error:
        say(f"!!! no {NAME}: {error}; the tests that ask it are deselected")
