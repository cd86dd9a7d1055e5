"""macOS: the user's login keychain, changed by `security`, for which macOS asks the user. Layer 12."""

from .anchor import FAILED, Anchor, Label, NotDone, last_line
from .place import Place

PROGRAM = "security"
KEYCHAIN = "Library/Keychains/login.keychain-db"


class KeychainStore:
    """The login keychain and the user's trust settings; a `Store`."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._keychain = str(place.home / KEYCHAIN)
        self.label = Label("system", "macOS", self._keychain)

    def is_trusted(self, anchor: Anchor) -> bool:
        # -l: it is an authority; -L: ask nothing of the network; -p: as for a server.
        command = [PROGRAM, "verify-cert", "-q", "-l", "-L", "-p", "ssl", "-c", str(anchor.file)]
        return self._place.run(command, "").status == 0

    def is_ours(self, anchor: Anchor) -> bool:
        return False

    def add(self, anchor: Anchor) -> None:
        self._do("add-trusted-cert", "-r", "trustRoot", "-p", "ssl", "-k", self._keychain, str(anchor.file))

    def remove(self, anchor: Anchor) -> None:
        self._do("remove-trusted-cert", str(anchor.file))
        self._do("delete-certificate", "-Z", anchor.sha1.upper(), self._keychain)

    def _do(self, *arguments: str) -> None:
        done = self._place.run([PROGRAM, *arguments], "")
        if done.status:
            raise NotDone(FAILED, f"security {arguments[0]}: {last_line(done.said)}")


def find_stores(place: Place) -> list[KeychainStore]:
    """The keychain, on macOS."""
    return [KeychainStore(place)] if place.system == "Darwin" else []
