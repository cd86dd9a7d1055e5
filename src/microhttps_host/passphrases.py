"""Where the passphrase of the authority's key comes from: a file that was named, or whoever sits at the terminal.

Asked when it is needed and once; never an argument, which everybody on the machine can read. Layer 13.
"""

import getpass
import sys
from pathlib import Path

from microhttps.errors import UsageError

from .authority import Ask

ENVIRONMENT = "MICROHTTPS_PASSPHRASE_FILE"


def asker(file: Path | None, is_quiet: bool = False) -> Ask:
    """Gives the passphrase that is in the first line of the file, or that is typed; None when neither can be."""
    known: list[bytes | None] = []

    def ask() -> bytes | None:
        if not known:
            known.append(read(file) if file else None if is_quiet else _typed("passphrase of the authority's key: "))
        return known[0]

    return ask


def choose(file: Path | None, what: str) -> bytes:
    """A new passphrase, typed twice where it is typed; raises UsageError."""
    if file:
        return read(file)
    first = _typed(f"new passphrase for {what}: ")
    if first is None:
        raise UsageError("passphrase_needed", "there is no terminal to type a passphrase at")
    if first != _typed("the same again: "):
        raise UsageError("bad_passphrase", "the two are not the same")
    return first


def read(file: Path) -> bytes:
    """The first line of a file; raises UsageError("bad_passphrase")."""
    try:
        line = file.read_bytes().split(b"\n")[0].rstrip(b"\r")
    except OSError as error:
        raise UsageError("bad_passphrase", f"cannot read {file}: {(error.strerror or str(error)).lower()}") from None
    if not line:
        raise UsageError("bad_passphrase", f"the first line of {file} is empty")
    return line


def _typed(question: str) -> bytes | None:
    if not sys.stdin.isatty():
        return None
    return getpass.getpass(question).encode() or None
