"""Brings a real MicroPython, 64-bit and 32-bit, into .micropython/ for the tests and the benchmarks.

    python tools/micropython.py          answers at once when both are there
    MICROPYTHON=none                     brings nothing: the tests that need one are deselected, and counted as such
    MICROPYTHON=... MICROPYTHON32=...    these programs are used, and what is not named is brought
    DEBIAN_MIRROR=https://...            looks there first

What is left behind are two programs, .micropython/bin/micropython and .micropython/bin/micropython32. The first
is the `micropython` on the PATH when there is one with `tls`. Otherwise both are Debian's own package (release 13,
the first that has it with Mbed TLS 3.6), unpacked with the libraries it was linked with and run through their
loader, so that nothing of the machine's is changed or needed. The mirror is the one the machine's apt names
(or the one that its `debootstrap` package names, where the machine is not a Debian): no host is written here.
The 32-bit one is what memory is measured on: its objects have the size they have on an ESP32.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / ".micropython"
SUITE = "trixie"
# Debian 13's package and all it is linked with. The sonames belong to that release and do not change within it.
PACKAGES = ("micropython", "libmbedtls21", "libmbedcrypto16", "libmbedx509-7", "libc6", "libffi8")
KEYRING = Path("usr/share/keyrings/debian-archive-keyring.gpg")
# This machine's Debian architecture: the 64-bit and the 32-bit one it can run.
ARCHITECTURES = {"amd64": ("amd64", "i386"), "arm64": ("arm64", "armhf")}
OLDEST = (1, 23)
# Prints "64 1.25.0" when the interpreter will do; no `tls` is an ImportError and therefore a failure.
QUESTION = (
    "import sys, tls; print(64 if sys.maxsize > 1 << 32 else 32, '.'.join(str(n) for n in sys.implementation[1][:3]))"
)
BY_HAND = (
    "Put a `micropython` >= 1.23 that has `tls` on the PATH as the 64-bit one, and a 32-bit one at "
    ".micropython/bin/micropython32; or run without: MICROPYTHON=none"
)


Done = subprocess.CompletedProcess[str]


class CannotBring(Exception):
    """Why there will be no MicroPython: a sentence, and what to do by hand."""


def main(environment: Mapping[str, str] = os.environ, folder: Path = FOLDER) -> int:
    """Brings what is missing; returns the exit status. May wait for the network for a minute."""
    if environment.get("MICROPYTHON") == "none":
        say("!!! MICROPYTHON=none: nothing below was tried on MicroPython, which is half of what microhttps is for")
        return 0
    try:
        for bits, name in ((64, "micropython"), (32, "micropython32")):
            program = folder / "bin" / name
            version = version_of(program, bits) or bring(program, bits, environment, folder)
            say(f"MicroPython {version}, {bits}-bit: {os.path.relpath(program)}")
    except CannotBring as error:
        say(f"!!! no MicroPython: {error}")
        say(f"!!! {BY_HAND}")
        return 1
    return 0


def bring(program: Path, bits: int, environment: Mapping[str, str], folder: Path) -> str:
    """Makes `program` run a MicroPython of `bits`; returns its version."""
    found = find_named(bits, environment)
    if found and version_of(Path(found), bits):
        write_program(program, f'exec "{os.path.abspath(found)}" "$@"')
    else:
        if found:
            say(f"{found} is older than 1.23, not of {bits} bits or has no `tls`; bringing another")
        architecture = find_architecture(bits, environment)
        unpacked = folder / architecture
        if not unpacked.exists():
            bring_packages(architecture, unpacked, environment)
        loader = find_loader(unpacked)
        # Relative to the program itself, so that the folder can be moved or cached.
        base = f'"${{0%/*}}/../{architecture}/'
        libraries = loader.parent.relative_to(unpacked)
        write_program(
            program,
            f'exec {base}{loader.relative_to(unpacked)}" --library-path {base}{libraries}" '
            f'{base}usr/bin/micropython" "$@"',
        )
    version = version_of(program, bits)
    if not version:
        shutil.rmtree(folder / find_architecture(bits, environment), ignore_errors=True)
        raise CannotBring(f"the {bits}-bit one was brought, but does not run on this machine: {why_not(program)}")
    return version


def find_named(bits: int, environment: Mapping[str, str]) -> str | None:
    """The program that the environment names, or for 64 bits the one on the PATH; it may be no good."""
    if bits == 32:
        return environment.get("MICROPYTHON32")
    return environment.get("MICROPYTHON") or shutil.which("micropython", path=environment.get("PATH", os.defpath))


def bring_packages(architecture: str, unpacked: Path, environment: Mapping[str, str]) -> None:
    """Downloads and unpacks; `unpacked` appears when it is complete and not before."""
    unpacked.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{architecture}-", dir=unpacked.parent) as name:
        room = Path(name)
        download_somewhere(architecture, room, environment)
        for package in sorted(room.glob("*.deb")):
            run(["dpkg", "-x", str(package), str(room / "root")], environment)
        try:
            (room / "root").rename(unpacked)
        except OSError:
            # Another `make test` was quicker; its files are the same.
            if not unpacked.exists():
                raise


def download_somewhere(architecture: str, room: Path, environment: Mapping[str, str]) -> None:
    """Leaves the packages in `room`, from the first mirror that has them; `CannotBring` says what each answered."""
    tried = []
    say(f"bringing MicroPython ({architecture}) from Debian's release {SUITE}")
    try:
        for mirror, keyring in find_mirrors(room, environment):
            trouble = download(mirror, keyring, architecture, room, environment)
            if not trouble:
                return
            tried.append(f"{mirror}: {trouble}")
    except CannotBring as error:
        tried.append(str(error))
    raise CannotBring(f"apt could not download it ({architecture}). " + " | ".join(tried))


def download(mirror: str, keyring: Path, architecture: str, room: Path, environment: Mapping[str, str]) -> str:
    """Leaves the packages in `room` and returns "", or returns the reason why not."""
    source = room / "sources.list"
    source.write_text(f"deb [signed-by={keyring}] {mirror} {SUITE} main\n")
    options = [*private_lists(room / "apt"), "-o", f"Dir::Etc::SourceList={source}"]
    options += ["-o", "Dir::Etc::SourceParts=/dev/null", "-o", "Dir::Etc::PreferencesParts=/dev/null"]
    options += ["-o", f"APT::Architecture={architecture}", "-o", f"APT::Architectures={architecture}"]
    # The exit status of `update` says little (a mirror that fails is a warning); that of `download` says all.
    updated = try_run(["apt-get", *options, "update"], environment, room)
    downloaded = try_run(["apt-get", *options, "download", *PACKAGES], environment, room)
    if downloaded.returncode == 0:
        return ""
    return complaint(updated.stderr) or complaint(downloaded.stderr) or "no reason given"


def find_mirrors(room: Path, environment: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    """Debian mirrors and the keyring to check them with, the likeliest first; the later ones cost more to find."""
    keyring = Path("/") / KEYRING
    named = environment.get("DEBIAN_MIRROR")
    if keyring.exists():
        if named:
            yield named, keyring
        wish = ["--format", "$(SITE) $(RELEASE) $(ORIGIN) $(LABEL)", "Created-By: Packages", "Component: main"]
        listed = run(["apt-get", "indextargets", *wish], environment)
        for mirror in choose_mirrors(listed, is_debian()):
            yield mirror, keyring
    mirror, keyring = what_debootstrap_knows(room / "debootstrap", environment)
    yield named or mirror, keyring


def choose_mirrors(listed: str, is_debian: bool) -> list[str]:
    """The sites among apt's index targets that carry Debian's releases: neither security nor a third party's.

    Where apt has not been updated yet it does not know a site's origin and prints the placeholder; then
    a source of a Debian is taken for Debian's, and the download will tell.
    """
    chosen = []
    for line in listed.splitlines():
        site, release, origin, label = line.split(" ", 3)
        if "security" in site + release or "Security" in label:
            continue
        is_known = not origin.startswith("$(")
        if origin == "Debian" or (is_debian and not is_known):
            chosen.append(site)
    return list(dict.fromkeys(chosen))


def what_debootstrap_knows(room: Path, environment: Mapping[str, str]) -> tuple[str, Path]:
    """Debian's mirror and keyring on a machine that is not a Debian but has apt, such as Ubuntu.

    Its own distribution packages both, signed by keys this machine trusts: `debootstrap`, which says where
    Debian is, and `debian-archive-keyring`, which says what is Debian's.
    """
    wanted = ["debootstrap", "debian-archive-keyring"]
    room.mkdir()
    if try_run(["apt-get", "download", *wanted], environment, room).returncode:
        # The machine's lists are empty or old: fetch lists of our own from its own sources.
        lists = private_lists(room / "apt")
        try_run(["apt-get", *lists, "update"], environment, room)
        done = try_run(["apt-get", *lists, "download", *wanted], environment, room)
        if done.returncode:
            raise CannotBring(
                f"apt has neither Debian's mirror nor the packages {' and '.join(wanted)}, "
                f"which name it: {complaint(done.stderr)}"
            )
    for package in sorted(room.glob("*.deb")):
        run(["dpkg", "-x", str(package), str(room / "root")], environment)
    for line in (room / "root/usr/sbin/debootstrap").read_text().splitlines():
        if line.startswith("DEF_MIRROR="):
            return line.partition("=")[2].strip("\"'"), room / "root" / KEYRING
    raise CannotBring("this machine's debootstrap does not say where Debian is; name a mirror: DEBIAN_MIRROR=...")


def private_lists(room: Path) -> list[str]:
    """Options that keep apt's state in `room`, so that it needs no root and touches nothing of the machine's."""
    for name in ("lists/partial", "state", "cache/archives/partial"):
        (room / name).mkdir(parents=True, exist_ok=True)
    (room / "status").touch()
    settings = {
        "Dir::State": room / "state",
        "Dir::State::Lists": room / "lists",
        "Dir::State::Status": room / "status",
        "Dir::Cache": room / "cache",
        "Acquire::Languages": "none",
        "Acquire::Retries": "1",
        # Root's apt drops to a user of its own, who may not look into this folder.
        "APT::Sandbox::User": "root",
    }
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]


def find_architecture(bits: int, environment: Mapping[str, str]) -> str:
    """The Debian architecture of `bits` that this machine can run; `CannotBring` when there is none."""
    for program in ("apt-get", "dpkg"):
        if not shutil.which(program, path=environment.get("PATH", os.defpath)):
            raise CannotBring(f"there is no {program} on this machine to bring the {bits}-bit one with")
    native = run(["dpkg", "--print-architecture"], environment).strip()
    if native not in ARCHITECTURES:
        raise CannotBring(f"do not know which Debian architectures a machine of {native} can run")
    return ARCHITECTURES[native][0 if bits == 64 else 1]


def find_loader(unpacked: Path) -> Path:
    """The dynamic loader among the unpacked libraries."""
    for loader in sorted(unpacked.glob("usr/lib/*/ld-linux*.so.*")):
        return loader
    raise CannotBring(f"there is no loader in {unpacked}; delete .micropython and try again")


def write_program(program: Path, command: str) -> None:
    """An executable shell script of one line, there whole or not at all."""
    program.parent.mkdir(parents=True, exist_ok=True)
    begun = program.with_name(f".{program.name}-{os.getpid()}")
    begun.write_text(f"#!/bin/sh\n{command}\n")
    begun.chmod(0o755)
    begun.replace(program)


def version_of(program: Path, bits: int) -> str:
    """Its version when it is a MicroPython of `bits` that is new enough and has `tls`, or ""."""
    try:
        done = subprocess.run([program, "-c", QUESTION], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    answer = done.stdout.split()
    if done.returncode or len(answer) != 2 or answer[0] != str(bits):
        return ""
    is_new_enough = tuple(int(part) for part in answer[1].split(".")[:2]) >= OLDEST
    return answer[1] if is_new_enough else ""


def why_not(program: Path) -> str:
    done = subprocess.run([program, "-c", QUESTION], capture_output=True, text=True)
    return complaint(done.stderr) or f"it ended with status {done.returncode}"


def is_debian() -> bool:
    try:
        return "ID=debian" in Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return False


def run(command: list[str], environment: Mapping[str, str]) -> str:
    """What `command` printed; `CannotBring` when it failed."""
    done = try_run(command, environment, None)
    if done.returncode:
        raise CannotBring(f"{command[0]} failed: {complaint(done.stderr)}")
    return done.stdout


def try_run(command: list[str], environment: Mapping[str, str], room: Path | None) -> Done:
    in_english = {**environment, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(
        command, cwd=room, env=in_english, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600
    )


def complaint(text: str) -> str:
    """The first error among what a program wrote (apt sums up in its last), else its last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("E:", "W:"))]
    return (errors[:1] or lines[-1:] or [""])[0]


def say(text: str) -> None:
    print(f"microhttps: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
