"""`python -m benchmarks`: choose the rooms, run them one after the other, show and keep the figures.

Exit status 0 whether the targets are reached or not (a busy machine is no defect), 1 when something is missing.
"""

import argparse
import datetime
import os
import platform
import ssl
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from . import board, clients, computer, endurance, memory, plot, report
from .certificate import Files, write_certificate
from .processes import use_load_core
from .targets import judge
from .trouble import Trouble

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results.json"
SAVED_JSON = ROOT / "docs" / "benchmarks.json"
SAVED_PLOT = ROOT / "docs" / "benchmarks.svg"
ROOMS = ("cpython", "micropython", "memory", "endurance", "clients")

# Programs waiting for a core on average over the last minute, from which on the figures are not to be kept.
BUSY = 0.5

# rounds and seconds of a measurement on CPython, the same on MicroPython, idle connections, KB step of the bisection,
# requests and failed handshakes of the long run
FULL = (5, 2, 3, 3, 500, 1, 100_000, 5_000)
QUICK = (2, 2, 1, 2, 200, 2, 20_000, 1_000)


def main() -> int:
    """Run what the arguments say."""
    options = _read_arguments()
    # A table cut to 80 columns cannot be read in a log.
    console = Console() if sys.stdout.isatty() else Console(width=130)
    started = time.monotonic()
    try:
        results = _run_rooms(options, console)
    except Trouble as trouble:
        console.print(f"[red]{trouble}[/]", highlight=False)
        return 1
    verdicts = judge(results)
    report.show(console, results, verdicts)
    written = [RESULTS] + ([SAVED_JSON, SAVED_PLOT] if options.save else [])
    for path in written:
        if path.suffix == ".svg":
            path.write_text(plot.draw(results))
        else:
            report.write_json(path, results, verdicts)
    console.print(f"\n{time.monotonic() - started:.0f} s; wrote " + ", ".join(str(path) for path in written))
    return 0


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds; for a look, not for the record")
    parser.add_argument("--only", choices=ROOMS, action="append", help="this part only; may be given more than once")
    parser.add_argument("--save", action="store_true", help="also write docs/benchmarks.json and docs/benchmarks.svg")
    return parser.parse_args()


def _run_rooms(options: argparse.Namespace, console: Console) -> dict[str, Any]:
    rooms = options.only or ROOMS
    rounds, seconds, board_rounds, board_seconds, idle, step, requests, failures = QUICK if options.quick else FULL
    results = _describe_machine(options.quick)
    with tempfile.TemporaryDirectory() as name, console.status("") as status:
        folder = Path(name)
        files: Files = write_certificate(folder)
        boards = board.find_boards(folder) if set(rooms) - {"cpython"} else []  # which takes both cores
        if not use_load_core():
            console.print("[yellow]server and load share the cores: this system has one, or no way to choose[/]")
        if results["load_before"] > BUSY:
            console.print(
                f"[yellow]other programs keep this machine busy (load {results['load_before']:.1f}): "
                "ratios suffer, and interpreters more than compiled servers[/]"
            )
        if "cpython" in rooms:
            results["cpython"] = computer.measure(rounds, seconds, idle, files, folder, status.update)
        if "micropython" in rooms:
            results["micropython"] = board.measure(boards, board_rounds, board_seconds, files, folder, status.update)
        if "memory" in rooms:
            results["memory"] = memory.measure(boards[-1], step, files, folder, status.update)
        if "clients" in rooms:
            results["clients"] = clients.measure(boards, rounds, folder, status.update)
        if "endurance" in rooms:
            results["endurance"] = endurance.measure(boards, requests, failures, files, folder, status.update)
    return results


def _describe_machine(is_quick: bool) -> dict[str, Any]:
    return {
        "date": datetime.date.today().isoformat(),
        "is_quick": is_quick,
        "machine": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "openssl": ssl.OPENSSL_VERSION,
        "load_before": os.getloadavg()[0],
    }


if __name__ == "__main__":
    sys.exit(main())
