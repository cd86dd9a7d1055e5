"""What the heap of a small board must hold, on 32-bit MicroPython, whose objects have the size they have on an ESP32.

Counted is the Python heap, rubbish collected. The TLS library of this build allocates beside it, as on an ESP32.
"""

import ssl
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from . import load
from .board import AS_IT_IS, CLIENT, SERVER, Board
from .certificate import Files
from .modules import in_order
from .peers import BODY, SOURCE
from .trouble import Trouble

IDLE_CONNECTIONS = 7
SIMULTANEOUS = 8
# Three times, because a heap that is nearly full fails when the fragments lie badly.
REPETITIONS = 3
SMALLEST_KILOBYTES = 8
LARGEST_KILOBYTES = 256
PATIENCE_SECONDS = 8


def measure(board: Board, step: int, files: Files, folder: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Import, idle connections and smallest heap, of ours and of microdot; `step` is the bisection's in KB."""
    found: dict[str, Any] = {"board": board.name, "version": board.version}
    everything = (board, files, folder)
    looks: dict[str, Callable[[], Any]] = {
        "import_server": lambda: int(board.run("import_server")),
        "import_client": lambda: int(board.run("import_client", build=CLIENT)),
        "import_microdot": lambda: int(board.run("import_microdot")),
        "import_server_as_it_is": lambda: int(board.run("import_server", build=AS_IT_IS)),
        "import_client_as_it_is": lambda: int(board.run("import_client", build=AS_IT_IS)),
        "modules": partial(_module_bytes, *everything),
        "serving": partial(_serving_bytes, *everything, "microhttps", SERVER),
        "serving_microdot": partial(_serving_bytes, *everything, "microdot", SERVER),
        "serving_as_it_is": partial(_serving_bytes, *everything, "microhttps", AS_IT_IS),
        "idle_connection": partial(_idle_connection_bytes, *everything, SERVER),
        "idle_connection_as_it_is": partial(_idle_connection_bytes, *everything, AS_IT_IS),
        "smallest_heap": partial(_smallest_heap, *everything, "microhttps", SERVER, step),
        "smallest_heap_microdot": partial(_smallest_heap, *everything, "microdot", SERVER, step),
        "smallest_heap_as_it_is": partial(_smallest_heap, *everything, "microhttps", AS_IT_IS, step),
    }
    for name, look in looks.items():
        say(f"heap: {name.replace('_', ' ')}")
        _note(found, name, look)
    return found


def _note(found: dict[str, Any], name: str, look: Callable[[], Any]) -> None:
    try:
        found[name] = look()
    except (Trouble, OSError) as trouble:
        found.setdefault("troubles", []).append(f"{name}: {trouble}")


def _module_bytes(board: Board, files: Files, folder: Path) -> list[tuple[str, int]]:
    """What each module keeps that is loaded by the time our server answers, most first."""
    with board.serve("microhttps", files, folder, build=AS_IT_IS) as running:
        load.check_answer(running.port)
        with load.open_connection(running.port) as connection:
            names = load.ask(connection, "/modules").decode().split()
    ours = in_order([name for name in names if name.startswith("microhttps.")], SOURCE)
    printed = board.run("import_modules", "asyncio", "microhttps", *ours, build=AS_IT_IS).splitlines()
    pairs = [line.split(" ", 1) for line in printed]
    return sorted(((name, int(kept)) for kept, name in pairs), key=lambda pair: -pair[1])


def _serving_bytes(board: Board, files: Files, folder: Path, server: str, build: str) -> int:
    """Everything kept since before the import, answering the second request: modules loaded on the way included."""
    with board.serve(server, files, folder, build=build) as running:
        load.check_answer(running.port)
        with load.open_connection(running.port) as connection:
            return int(load.ask(connection, "/memory"))


def _idle_connection_bytes(board: Board, files: Files, folder: Path, build: str) -> float:
    """The slope from no to seven idle connections, asked over the eighth."""
    with board.serve("microhttps", files, folder, build=build) as running:
        with load.open_connection(running.port) as asker:
            load.ask(asker, "/memory")
            alone = int(load.ask(asker, "/memory"))
            with load.Crowd(running.port, IDLE_CONNECTIONS):
                crowded = int(load.ask(asker, "/memory"))
    return (crowded - alone) / IDLE_CONNECTIONS


def _smallest_heap(board: Board, files: Files, folder: Path, server: str, build: str, step: int) -> int:
    """The smallest heap in KB that serves the simultaneous connections; bisected to `step`."""
    too_small, enough = SMALLEST_KILOBYTES, LARGEST_KILOBYTES
    while enough - too_small > step:
        middle = (too_small + enough) // 2
        if _serves_in(middle, board, files, folder, server, build):
            enough = middle
        else:
            too_small = middle
    if enough == LARGEST_KILOBYTES:
        raise Trouble(f"{server} did not serve {SIMULTANEOUS} connections in any heap below {enough} KB")
    return enough


def _serves_in(kilobytes: int, board: Board, files: Files, folder: Path, server: str, build: str) -> bool:
    try:
        with board.serve(server, files, folder, kilobytes, build) as running:
            return all(_serves_all_at_once(running.port) for _ in range(REPETITIONS))
    except Trouble:
        return False


def _serves_all_at_once(port: int) -> bool:
    """Eight handshakes in the air together, then eight requests together; nobody leaves before all are answered."""
    together = threading.Barrier(SIMULTANEOUS)
    answers: list[bytes] = []
    threads = [threading.Thread(target=_one_of_many, args=(port, together, answers)) for _ in range(SIMULTANEOUS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers == [BODY] * SIMULTANEOUS


def _one_of_many(port: int, together: threading.Barrier, answers: list[bytes]) -> None:
    try:
        with load.open_connection(port, PATIENCE_SECONDS) as connection:
            together.wait(PATIENCE_SECONDS)
            load.send_request(connection)
            answers.append(load.read_body(connection))
            together.wait(PATIENCE_SECONDS)
    except (Trouble, OSError, ssl.SSLError, threading.BrokenBarrierError):
        # A missing answer is the finding; the others need not wait for this one.
        together.abort()
