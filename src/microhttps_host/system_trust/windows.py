"""Windows: the user's own root store, changed by `certutil.exe`, for which Windows asks the user.

Under WSL that is the store of the Windows around it, whose browsers are those that matter. Layer 12.
"""

from .anchor import FAILED, Anchor, Label, NotDone, last_line
from .place import Place

PROGRAM = "certutil.exe"
STORE = "Root"
PATHS = "wslpath"  # how WSL says what a file is called outside


class WindowsStore:
    """The current user's trusted root authorities; a `Store`."""

    label = Label("system", "Windows", "Cert:\\CurrentUser\\Root")

    def __init__(self, place: Place, program: str) -> None:
        self._place = place
        self._program = program

    def is_trusted(self, anchor: Anchor) -> bool:
        return self._place.run([self._program, "-user", "-store", STORE, anchor.sha1], "").status == 0

    def is_ours(self, anchor: Anchor) -> bool:
        return False

    def add(self, anchor: Anchor) -> None:
        self._do("-addstore", STORE, self._path_outside(str(anchor.file)))

    def remove(self, anchor: Anchor) -> None:
        self._do("-delstore", STORE, anchor.sha1)

    def _do(self, *arguments: str) -> None:
        done = self._place.run([self._program, "-user", *arguments], "")
        if done.status:
            raise NotDone(FAILED, f"certutil {arguments[0]}: {last_line(done.said)}")

    def _path_outside(self, path: str) -> str:
        if self._place.system == "Windows":
            return path
        done = self._place.run([PATHS, "-w", path], "")
        if done.status:
            raise NotDone(FAILED, f"{PATHS}: {last_line(done.said)}")
        return done.said.strip()


def find_stores(place: Place) -> list[WindowsStore]:
    """The user's store, on Windows and in WSL."""
    program = place.find_program(PROGRAM)
    return [WindowsStore(place, program)] if program else []
