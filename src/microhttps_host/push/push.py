"""Puts files onto a board so that it has either all of them or those it had before, and says what they take there.

All are written beside the old ones under other names and read back; only then one program, which runs on the board
itself and needs nobody any more, gives them their names, the application last. What a push that was cut off has left
behind is removed by the next one. Layer 13.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from microhttps.errors import MicrohttpsError, NetworkError, UsageError

from .boards import Board, Facts
from .staging import MAIN, RUNTIME, Staged

BEGUN = ".new"
KEPT = "main.before.py"

MAKE_FOLDERS = """
import os
for path in {folders!r}:
    try:
        os.mkdir(path)
    except OSError:
        os.stat(path)
"""
REMOVE = """
import os
for folder in {folders!r}:
    for entry in os.listdir(folder) if folder else os.listdir():
        if entry.endswith({begun!r}):
            os.remove((folder + "/" if folder else "") + entry)
"""
EXCHANGE = """
import os
if {kept!r}:
    os.rename({main!r}, {kept!r})
for path in {paths!r}:
    os.rename(path + {begun!r}, path)
for entry in os.listdir({runtime!r}):
    if entry not in {there!r}:
        os.remove({runtime!r} + "/" + entry)
if hasattr(os, "sync"):
    os.sync()
"""
MEASURE = """
import gc
gc.collect()
before = gc.mem_alloc()
import microhttps
for name in {names!r}:
    try:
        getattr(microhttps, name)
    except AttributeError:
        pass
gc.collect()
print((gc.mem_alloc() - before, gc.mem_free()))
"""
SET_CLOCK = """
try:
    import machine
    clock = machine.RTC()
    clock.datetime({moment!r})
    print(tuple(clock.datetime()))
except (ImportError, AttributeError):
    print(None)
"""


@dataclass(frozen=True)
class Pushed:
    """What was done: which files went over and which were there already, and what the board has left."""

    board: str
    facts: Facts
    written: list[Staged]
    flash: int  # what all files take, and what is free now
    free_flash: int
    heap: int | None  # what the import of the runtime keeps, and what is free then; None: it does not say
    free_heap: int | None
    is_clock_set: bool
    kept: str | None  # how an application is called now that was there before


def push(
    board: Board, files: Sequence[Staged], names: Sequence[str], on_progress: Callable[[str, int, int], None]
) -> Pushed:
    """Put the files there; tells (path, bytes written so far, bytes to write). Raises UsageError and NetworkError."""
    facts = board.look()
    there = board.hashes([*(file.path for file in files), MAIN])
    changed = [file for file in files if there.get(file.path) != _hash(file)]
    _make_folders(board, files)
    _clean(board, files)
    facts = board.look()
    _check_space(board, facts, changed)
    is_ours = any(path.startswith(RUNTIME + "/") for path in there)
    kept = KEPT if MAIN in there and not is_ours and any(file.path == MAIN for file in changed) else None
    try:
        _write(board, changed, on_progress)
    except UsageError:  # the board is still there, and as it was
        _clean(board, files)
        raise
    board.run(EXCHANGE.format(paths=tuple(file.path for file in changed), begun=BEGUN, runtime=RUNTIME, main=MAIN,
                              kept=kept, there={PurePosixPath(file.path).name for file in files}))  # fmt: skip
    _check(board, files, "")
    is_clock_set = _set_clock(board)
    free_flash = board.look().free_flash
    heap, free_heap = _measure(board, names)
    size = sum(_on_flash(file, facts.block) for file in files)
    return Pushed(board.port, facts, changed, size, free_flash, heap, free_heap, is_clock_set, kept)


def _folders(files: Sequence[Staged]) -> list[str]:
    """Every folder of these files, outer ones first."""
    parents = [parent for file in files for parent in reversed(PurePosixPath(file.path).parents)]
    return list(dict.fromkeys(str(parent) for parent in parents if str(parent) != "."))


def _make_folders(board: Board, files: Sequence[Staged]) -> None:
    board.run(MAKE_FOLDERS.format(folders=tuple(_folders(files))))


def _clean(board: Board, files: Sequence[Staged]) -> None:
    """Remove what was begun and not ended."""
    board.run(REMOVE.format(folders=("", *_folders(files)), begun=BEGUN))


def _check_space(board: Board, facts: Facts, changed: Sequence[Staged]) -> None:
    """Old and new are there together for a moment."""
    needed = sum(_on_flash(file, facts.block) for file in changed)
    if needed > facts.free_flash:
        raise UsageError("board_full", board=board.port, needed=needed, free=facts.free_flash)


def _on_flash(file: Staged, block: int) -> int:
    return -(-len(file.content) // block) * block if block else len(file.content)


def _write(board: Board, changed: Sequence[Staged], on_progress: Callable[[str, int, int], None]) -> None:
    whole, done = sum(len(file.content) for file in changed), 0
    for file in changed:
        on_progress(file.path, done, whole)
        board.write(file.path + BEGUN, file.content, lambda written, at=done, path=file.path: on_progress(  # type: ignore[misc]
            path, at + written, whole))
        done += len(file.content)
    on_progress("", done, whole)
    _check(board, changed, BEGUN)


def _check(board: Board, files: Sequence[Staged], ending: str) -> None:
    """Read back what was written; raises NetworkError("board_differs")."""
    there = board.hashes([file.path + ending for file in files])
    for file in files:
        if there.get(file.path + ending) != _hash(file):
            raise NetworkError("board_differs", board=board.port, file=file.path)


def _hash(file: Staged) -> bytes:
    return hashlib.sha256(file.content).digest()


def _set_clock(board: Board) -> bool:
    """Set the board's clock, in UTC; whether it has one that goes right now."""
    now = time.gmtime()
    moment = (now.tm_year, now.tm_mon, now.tm_mday, now.tm_wday, now.tm_hour, now.tm_min, now.tm_sec, 0)
    shown = board.ask(SET_CLOCK.format(moment=moment))
    return shown is not None and tuple(shown[:3]) == moment[:3]


def _measure(board: Board, names: Sequence[str]) -> tuple[int | None, int | None]:
    """What the import keeps of an empty heap. A boot.py that does not end makes it unknown, and nothing worse."""
    try:
        board.restart()
        kept, free = board.ask(MEASURE.format(names=tuple(names)))
    except MicrohttpsError:
        return None, None
    return kept, free
