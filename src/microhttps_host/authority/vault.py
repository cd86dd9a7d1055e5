"""Files that must survive: the local authority and what it issued, under $MICROHTTPS_HOME.

A file is there whole or not at all, a secret is unreadable to others from its first byte, links are never followed,
and two processes take turns. Knows nothing of what is in the files. Layer 11.
"""

import contextlib
import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from microhttps.errors import UsageError

SECRET = 0o600
PUBLIC = 0o644
LOCK = ".lock"
ANOTHER_HOME = "choose another folder: MICROHTTPS_HOME=FOLDER"
# Issuing takes milliseconds; who holds the lock longer hangs.
LOCK_TIMEOUT_SECONDS = 10.0


def find_home() -> Path:
    """The folder of all state: $MICROHTTPS_HOME, or the platform's data folder."""
    named = os.environ.get("MICROHTTPS_HOME")
    return Path(named).absolute() if named else platformdirs.user_data_path("microhttps", appauthor=False)


class Vault:
    """A folder of files, each replaced as a whole. Raises UsageError of this code when the folder is of no use."""

    def __init__(self, folder: Path | None = None, instead: str = ANOTHER_HOME, code: str = "state_unusable") -> None:
        self.folder = folder or find_home()
        self.instead = instead
        self._code = code

    def path(self, name: str) -> Path:
        return self.folder / name

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Makes the folder if need be, and holds it: no other process changes it meanwhile. Waits for ten seconds.

        Where the file system is for reading only nobody changes anything, and there is nothing to hold.
        """
        file = self._open_lock()
        if file is None:
            yield
            return
        try:
            self._wait_for(file)
            self._sweep()
            yield
        finally:
            os.close(file)

    def _open_lock(self) -> int | None:
        with self._saying(self.folder):
            try:
                self._make_folder()
                return os.open(self.path(LOCK), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, SECRET)
            except OSError as error:
                if error.errno == errno.EROFS and self.folder.is_dir():
                    return None
                raise

    def find(self, name: str) -> bytes | None:
        """The content of a file, or None when there is none."""
        path = self.path(name)
        with self._saying(path):
            try:
                file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            except FileNotFoundError:
                return None
            with open(file, "rb") as content:
                return content.read()

    def is_exposed(self, name: str) -> bool:
        """Whether others than the owner may read or change a file."""
        return bool(os.lstat(self.path(name)).st_mode & 0o077)

    def write(self, name: str, content: bytes, mode: int) -> Path:
        """Replaces or makes a file with exactly these permissions; a reader sees the old or the new one."""
        with self.writing((name, content, mode)):
            return self.path(name)

    @contextlib.contextmanager
    def writing(self, *files: tuple[str, bytes, int]) -> Iterator[None]:
        """Replaces (name, content, mode) when the block ends, all or, when anything fails or the block raises, none.

        What can fail for want of room has happened before the block begins.
        """
        begun: list[tuple[Path, Path]] = []
        try:
            for name, content, mode in files:
                begun.append((self._begin(name, content, mode), self.path(name)))
            yield
            for new, path in begun:
                with self._saying(path):
                    os.replace(new, path)
        except BaseException:  # the files that were begun go, whatever ended it; re-raised
            for new, _ in begun:
                new.unlink(missing_ok=True)
            raise
        with self._saying(self.folder):
            self._sync_folder()

    def _begin(self, name: str, content: bytes, mode: int) -> Path:
        begun = self.path(f".{name}.{os.getpid()}.new")
        with self._saying(self.path(name)):
            file = os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, SECRET)
            try:
                with open(file, "wb") as new:
                    os.fchmod(file, mode)  # exactly these, whatever the umask
                    new.write(content)
                    new.flush()
                    os.fsync(file)
            except BaseException:  # what is half-written goes; re-raised
                begun.unlink(missing_ok=True)
                raise
        return begun

    def inner(self, name: str) -> "Vault":
        """A folder within, for the same eyes; made if need be. The lock of this one is for it, too."""
        inside = Vault(self.path(name), self.instead)
        with self._saying(inside.folder):
            if inside.folder.is_symlink():
                raise OSError(errno.ELOOP, "")
            inside.folder.mkdir(mode=0o700, exist_ok=True)
            inside._sweep()
        return inside

    def make_open(self) -> None:
        """Make the folder if need be, as any other: it is the user's, and its permissions are left alone."""
        with self._saying(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)

    def _make_folder(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = self.folder.stat().st_mode
        if not any(self.folder.iterdir()):
            self.folder.chmod(0o700)  # new, or empty and given to us
        elif mode & 0o022 and not mode & stat.S_ISVTX:
            raise self._unusable(self.folder, "others may write into it", "chmod go-w " + str(self.folder))

    def _wait_for(self, file: int) -> None:
        deadline = time.monotonic() + LOCK_TIMEOUT_SECONDS
        while True:
            try:
                return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise self._unusable(self.path(LOCK), "another process holds it", "end that process") from None
            time.sleep(0.02)

    def _sweep(self) -> None:
        """What a process left behind that died while writing; we hold the lock, so nobody writes now."""
        for begun in self.folder.glob(".*.new"):
            begun.unlink(missing_ok=True)

    def _sync_folder(self) -> None:
        folder = os.open(self.folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextlib.contextmanager
    def _saying(self, path: Path) -> Iterator[None]:
        """Says in our words what the system refuses."""
        try:
            yield
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise self._unusable(path, "links are not followed", "put the file itself there") from None
            why = (error.strerror or str(error)).lower()
            raise self._unusable(path, why, self.instead) from None

    def _unusable(self, path: Path, why: str, next_step: str) -> UsageError:
        return UsageError(self._code, f"cannot use {path}: {why}; {next_step}")
