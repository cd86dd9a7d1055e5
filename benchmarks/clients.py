"""Clients against nginx: the first verified answer from a cold start, answers over kept connections, memory of roots.

On CPython against requests, httpx and aiohttp, on MicroPython against its own `requests`, which verifies nothing. The
clients take turns, and where two are compared it is within one round. Processor time counts: it is what a client costs,
and the other programs of a shared machine do not change it much. Prints nothing but progress through `say`.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .board import AS_IT_IS, CLIENT, Board
from .client_world import World, make_world
from .peers import APPS, PEERS, environment, find_version, start_command
from .processes import Running, anonymous_bytes_of, free_port
from .trouble import Trouble

NAMES = ("microhttps", "requests", "httpx", "aiohttp")
BOARD_NAMES = ("microhttps", "requests")
ANSWERS = 4000
PASSES = 20
BOARD_SECONDS = 2
HEAP_KILOBYTES = 128
SMALLEST_KILOBYTES, LARGEST_KILOBYTES = 16, 160


def measure(boards: list[Board], rounds: int, folder: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Rows for CPython and for each board, and what the public roots cost a small one; blocks for a minute or two."""
    world = make_world(folder)
    port = free_port()
    with Running(start_command(PEERS[0], port, world.files, folder), port, folder / "site.log", environment()):
        return {
            "cpython": _computer(port, world, rounds, say),
            "micropython": [
                _board_row(board, name, port, world, rounds, say) for board in boards for name in BOARD_NAMES
            ],
            "roots": _roots(boards[-1], port, world, say),
        }


def _computer(port: int, world: World, rounds: int, say: Callable[[str], None]) -> list[Any]:
    rows: list[dict[str, Any]] = [
        {"name": name, "version": find_version(name), "is_ours": name == "microhttps", "rounds": []} for name in NAMES
    ]
    for number in range(rounds):
        for row in rows:
            say(f"round {number + 1} of {rounds}: {row['name']} as a client")
            try:
                row["rounds"].append(_ask(row["name"], port, world))
            except (Trouble, OSError, ValueError) as trouble:
                row["trouble"] = str(trouble)
    for row in rows:
        row.update(_medians(row["rounds"]))
    return rows


def _ask(name: str, port: int, world: World) -> dict[str, float]:
    command = [sys.executable, str(APPS / "asking.py"), name, f"https://localhost:{port}/", str(world.authority)]
    sample = _cost(command, environment(), None)
    clock, busy = map(float, _run([*command, str(ANSWERS)], environment(), None).split())
    return {**sample, "keep_alive": ANSWERS / clock, "keep_alive_full": ANSWERS / busy}


def _board_row(
    board: Board, name: str, port: int, world: World, rounds: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Cold start, rate and heap of one client on one board."""
    row: dict[str, Any] = {"board": board.name, "version": board.version, "name": name}
    words = (name, str(port), str(world.store))
    try:
        say(f"{name} as a client, {board.name} MicroPython")
        command = board.command("client_speed", *words)
        folder = board.packages / CLIENT
        row.update(_medians([_cost([*command, "0"], board.environment(), folder) for _ in range(rounds)]))
        row["keep_alive"] = float(board.run("client_speed", *words, str(BOARD_SECONDS), build=CLIENT))
        for line in board.run("client_heap", *words, build=CLIENT).splitlines():
            what, count = line.split()
            row[f"heap_{what}"] = int(count)
        for what, more in (("import", ("once",)), ("request", ())):
            say(f"{name} as a client, {board.name} MicroPython: the smallest heap for its {what}")
            row[f"smallest_{what}"] = _smallest_heap(board, words + more)
    except (Trouble, OSError, ValueError) as trouble:
        row["trouble"] = str(trouble)
    return row


def _smallest_heap(board: Board, words: tuple[str, ...]) -> int:
    """The smallest heap in KB in which the program ends well."""
    too_small, enough = SMALLEST_KILOBYTES, LARGEST_KILOBYTES
    while enough - too_small > 1:
        middle = (too_small + enough) // 2
        try:
            _run(board.command("client_heap", *words, heap_kilobytes=middle), board.environment(),
                 board.packages / CLIENT)  # fmt: skip
            enough = middle
        except Trouble:
            too_small = middle
    return enough


def _roots(board: Board, port: int, world: World, say: Callable[[str], None]) -> dict[str, Any]:
    """Memory of a request with the one root and with all of them; time of the two passes."""
    found: dict[str, Any] = {"board": board.name, "count": len(list(world.roots.iterdir()))}
    for who, name in (("microhttps", "one_root"), ("all", "all_roots")):
        say(f"memory with {name.replace('_', ' ')}, {board.name} MicroPython")
        found[name] = _memory(board, who, port, world)
    say(f"the two passes, {board.name} MicroPython")
    printed = board.run("client_passes", str(port), str(world.authority_der), str(PASSES), build=AS_IT_IS)
    pairs = [tuple(map(int, line.split())) for line in printed.splitlines()]
    found["first_pass_ms"], found["second_pass_ms"] = (statistics.median(one) / 1000 for one in zip(*pairs))
    return found


def _memory(board: Board, who: str, port: int, world: World) -> int:
    """Bytes by which the process, and what is kept of its heap, have grown when the answer is there."""
    words = (who, str(port), str(world.store), str(world.roots))
    command = board.command("client_memory", *words, heap_kilobytes=HEAP_KILOBYTES)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=board.packages / CLIENT,
        env={**os.environ, **board.environment()},
    ) as process:  # fmt: skip
        looks = []
        for word in ("ready", "asked"):
            line = process.stdout.readline().split() if process.stdout else []
            if not line or line[0] != word:
                raise Trouble(f"client_memory {who} ended early")
            looks.append(anonymous_bytes_of(process.pid) + int(line[1]))
            if process.stdin:
                process.stdin.write("\n")
                process.stdin.flush()
    return looks[1] - looks[0]


def _cost(command: list[str], more: dict[str, str], folder: Path | None) -> dict[str, float]:
    """Seconds by the clock and of the processor, and the most memory if it tells, of a program from start to end."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **more}, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said = process.stdout.read().decode() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Trouble(f"{' '.join(command[1:3])} failed; it said:\n{said[-800:]}")
    return {
        "first_clock": time.perf_counter() - started,
        "first_busy": usage.ru_utime + usage.ru_stime,
        **({"first_memory": float(said)} if said else {}),
    }


def _run(command: list[str], more: dict[str, str], folder: Path | None) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, env={**os.environ, **more}, cwd=folder
    )
    if done.returncode:
        raise Trouble(f"{' '.join(command[1:3])} failed; it said:\n{(done.stdout + done.stderr)[-800:]}")
    return done.stdout


def _medians(samples: list[dict[str, float]]) -> dict[str, float]:
    return {key: statistics.median(one[key] for one in samples) for key in samples[0]} if samples else {}
