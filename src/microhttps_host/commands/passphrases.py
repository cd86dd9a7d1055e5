"""Where the passphrase of a key comes from: a file that was named, or whoever sits at the terminal.

Asked when it is needed and once; never an argument, which everybody on the machine can read. Layer 13.
"""

import getpass
import sys
from pathlib import Path

from microhttps.errors import UsageError

ENVIRONMENT = "MICROHTTPS_PASSPHRASE_FILE"
QUESTION = "passphrase of the authority's key: "


class Asker:
    """Gives the passphrase that is in the first line of the file, or that is typed; None when neither can be.

    What was typed is known from then on; `is_silent` is for when nobody shall be asked any more.
    """

    def __init__(self, file: Path | None, question: str = QUESTION) -> None:
        self.is_silent = False
        self._file = file
        self._question = question
        self._known: bytes | None = None

    def __call__(self) -> bytes | None:
        if self._known is None:
            self._known = read(self._file) if self._file else None if self.is_silent else _typed(self._question)
        return self._known


def choose(file: Path | None, what: str, option: str) -> bytes:
    """A new passphrase, from the file of this option or typed twice; raises UsageError."""
    if file:
        return read(file)
    first = _typed(f"new passphrase for {what}: ")
    if first is None:
        raise UsageError("passphrase_needed", "there is no terminal to type a new one at", option=option)
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
    try:
        return getpass.getpass(question).encode() or None
    except EOFError:  # who sits there has left
        return None
