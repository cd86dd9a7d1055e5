"""CPython against its peers: keep-alive requests, new connections, and memory of an idle TLS connection.

"Busy" is the processor time of the server in each second. Below 1 the load generator was the bottleneck (or another
program took the core), and the server could do more than the figure by the clock says: "full" is that figure divided
by it, the rate of a core that has nothing else to do and enough to do.

The peers take turns (A B C, A B C, ...) with a fresh process in each round, and the median of the rounds counts, so a
busy minute of the machine falls on all of them. Knows no target and prints nothing but progress through `say`.
"""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import load
from .certificate import Files
from .peers import PEERS, Peer, environment, find_program, find_version, start_command
from .processes import Running, free_port
from .trouble import Trouble

SETTLE_SECONDS = 0.5
# Memory does not depend on what else the machine does; two rounds are enough.
IDLE_ROUNDS = 2
WARM_UP_SECONDS = 1
LOADS: dict[str, dict[str, Any]] = {
    "keep_alive": {"connections": load.KEEP_ALIVE_CONNECTIONS},
    "varied": {"connections": load.KEEP_ALIVE_CONNECTIONS, "is_varied": True},
    "new_connections": {"connections": load.NEW_CONNECTIONS, "is_closing": True},
}


def measure(rounds: int, seconds: int, idle: int, files: Files, folder: Path, say: Callable[[str], None]) -> list[Any]:
    """One row (a dictionary) for each peer, in the order of the table of peers; blocks for minutes."""
    find_program("wrk")
    rows = [{"name": peer.name, "version": find_version(peer.package), "is_ours": peer.is_ours} for peer in PEERS]
    samples: list[list[dict[str, float]]] = [[] for _ in PEERS]
    for number in range(rounds):
        for row, peer, taken in zip(rows, PEERS, samples):
            say(f"round {number + 1} of {rounds}: {peer.name}")
            try:
                counted = idle if number < IDLE_ROUNDS else 0
                taken.append(_measure_once(peer, seconds, counted, files, folder, row))
            except (Trouble, OSError) as trouble:
                # The others still have figures worth seeing; the report shows the text in this row.
                row["trouble"] = str(trouble)
    for row, taken in zip(rows, samples):
        row.update(_medians(taken))
    return rows


def _measure_once(
    peer: Peer, seconds: int, idle: int, files: Files, folder: Path, row: dict[str, Any]
) -> dict[str, float]:
    port = free_port()
    with Running(start_command(peer, port, files, folder), port, folder / "server.log", environment()) as server:
        row.update(load.check_answer(port))
        sample = {"idle_bytes": _idle_bytes(server, idle)} if idle else {}
        load.run_wrk(port, WARM_UP_SECONDS, load.KEEP_ALIVE_CONNECTIONS)
        for name, arguments in LOADS.items():
            before = server.processor_seconds()
            rate = load.run_wrk(port, seconds, **arguments)
            busy = min(1.0, (server.processor_seconds() - before) / seconds)
            sample.update({name: rate.per_second, f"{name}_busy": busy, f"{name}_errors": rate.errors})
            sample[f"{name}_full"] = rate.per_second / busy
    return sample


def _idle_bytes(server: Running, idle: int) -> float:
    # One connection first: what a server loads or allocates once is not the price of a connection.
    with load.Crowd(server.port, 1):
        pass
    time.sleep(SETTLE_SECONDS)
    before = server.anonymous_bytes()
    with load.Crowd(server.port, idle) as crowd:
        time.sleep(SETTLE_SECONDS)
        after = server.anonymous_bytes()
        crowd.check_alive()
    return (after - before) / idle


def _medians(samples: list[dict[str, float]]) -> dict[str, Any]:
    if not samples:
        return {}
    found: dict[str, Any] = {key: statistics.median(one[key] for one in samples if key in one) for key in samples[0]}
    found["rounds"] = samples
    return found
