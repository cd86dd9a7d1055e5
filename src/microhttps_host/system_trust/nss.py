"""NSS, the library of Firefox, which on Linux gives Chromium its authorities, too; changed by its own `certutil`.

Every profile of Firefox has a store of its own; all Chromiums of a user share one. In it our certificate has our name
for it. One that is there under another name was put there by somebody else, and stays. Layer 12.
"""

import os
import re
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from .anchor import FAILED, NO_TOOL, Anchor, Label, NotDone, last_line
from .place import Place

PROGRAM = "certutil"
# Below the home folder: whose store it is, and where, for all profiles there are. Snap and Flatpak have homes of their
# own; Firefox 147 has moved to where the XDG specification wants it.
PROFILES = (
    ("Firefox", ".mozilla/firefox/*"),
    ("Firefox", ".config/mozilla/firefox/*"),
    ("Firefox (snap)", "snap/firefox/common/.mozilla/firefox/*"),
    ("Firefox (Flatpak)", ".var/app/org.mozilla.firefox/.mozilla/firefox/*"),
    ("Firefox", "Library/Application Support/Firefox/Profiles/*"),
    ("LibreWolf", ".librewolf/*"),
    ("Chromium (snap)", "snap/chromium/*/.pki/nssdb"),
    ("Chromium", ".local/share/pki/nssdb"),
    ("Chromium, Chrome", ".pki/nssdb"),
)
# A Chromium that was never started has no store yet, and takes the one it finds here.
CHROMIUM_FOLDER = ".pki/nssdb"
CHROMIUM_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "brave-browser",
                     "microsoft-edge-stable", "vivaldi")  # fmt: skip
DATABASE = "cert9.db"
# Believed as an authority for servers, and for nothing else.
TRUSTED = "C,,"
# A line of `certutil -L`: a name, and what it is believed for.
LISTED = re.compile(r"(.*\S)\s+([a-zA-Z]*,[a-zA-Z]*,[a-zA-Z]*)\s*")
# What brings certutil, by the program that installs it there.
PACKAGES = (
    ("apt-get", "sudo apt install libnss3-tools"),
    ("dnf", "sudo dnf install nss-tools"),
    ("pacman", "sudo pacman -S nss"),
    ("zypper", "sudo zypper install mozilla-nss-tools"),
    ("apk", "sudo apk add nss-tools"),
    ("brew", "brew install nss"),
)


class NssStore:
    """One database of certificates; a `Store`."""

    def __init__(self, place: Place, whose: str, folder: Path) -> None:
        self._place = place
        self._folder = folder
        self.label = Label("nss", whose, str(folder))

    def is_trusted(self, anchor: Anchor) -> bool:
        return any("C" in flags.split(",")[0] and self._is_called(anchor, name) for name, flags in self._listed())

    def is_ours(self, anchor: Anchor) -> bool:
        return any(name == anchor.name and self._is_called(anchor, name) for name, _ in self._listed())

    def add(self, anchor: Anchor) -> None:
        if not self._is_made():
            self._folder.mkdir(parents=True, mode=0o700, exist_ok=True)
            self._certutil("-N", "--empty-password")
        self._certutil("-A", "-n", anchor.name, "-t", TRUSTED, "-i", str(anchor.file))

    def remove(self, anchor: Anchor) -> None:
        self._certutil("-D", "-n", anchor.name)

    def _is_made(self) -> bool:
        return (self._folder / DATABASE).is_file()

    def _listed(self) -> list[tuple[str, str]]:
        """(name, what it is believed for) of all that are in the database."""
        if not self._is_made():
            return []
        lines = map(LISTED.fullmatch, self._certutil("-L").splitlines())
        return [(line[1], line[2]) for line in lines if line]

    def _is_called(self, anchor: Anchor, name: str) -> bool:
        """Whether the certificate of that name is this one."""
        try:
            there = x509.load_pem_x509_certificates(self._certutil("-L", "-n", name, "-a").encode())
        except ValueError:
            return False
        return any(one.public_bytes(Encoding.DER) == anchor.der for one in there)

    def _certutil(self, *arguments: str) -> str:
        program = self._place.find_program(PROGRAM)
        if program is None:
            how = next((how for name, how in PACKAGES if self._place.find_program(name)), "")
            raise NotDone(NO_TOOL, "NSS's certutil is not installed", how)
        if not os.access(self._folder, os.W_OK):
            raise NotDone(FAILED, f"{self._folder} may not be written")
        done = self._place.run([program, "-d", f"sql:{self._folder}", *arguments], "")
        if done.status:
            raise NotDone(FAILED, f"certutil: {last_line(done.said)}")
        return done.said


def find_stores(place: Place) -> list[NssStore]:
    """Those of this user."""
    if place.system == "Windows":  # where Firefox believes whom Windows believes
        return []
    found: dict[Path, NssStore] = {}
    for whose, pattern in PROFILES:
        for file in sorted(place.home.glob(f"{pattern}/{DATABASE}")):
            folder = file.parent.resolve()
            found.setdefault(folder, NssStore(place, whose, folder))
    has_chromium_store = any("Chromium" in store.label.whose for store in found.values())
    if place.system == "Linux" and not has_chromium_store and any(map(place.find_program, CHROMIUM_PROGRAMS)):
        folder = place.home / CHROMIUM_FOLDER
        found[folder] = NssStore(place, "Chromium, Chrome", folder)
    return list(found.values())
