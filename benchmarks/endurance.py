"""Memory that stays flat: a hundred thousand requests, then five thousand handshakes that fail in five ways.

What is compared is the process after a warm-up and after the long part: its own memory, its open files and, on
MicroPython, the Python heap. A leak of one small object a time shows as hundreds of kilobytes.
"""

import socket
import ssl
import struct
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from . import load
from .board import CONNECTIONS, Board
from .certificate import Files
from .peers import PEERS, environment, start_command
from .processes import Running, free_port
from .trouble import Trouble

REQUESTS = 100_000
FAILURES = 5_000
WARM_UP_FAILURES = 500
WRK_SECONDS = 3
# Longer than a server waits for a refused peer to read its last words.
SETTLE_SECONDS = 4
PATIENCE_SECONDS = 5
LONGEST_SECONDS = 180


def measure(
    boards: list[Board], requests: int, failures: int, files: Files, folder: Path, say: Callable[[str], None]
) -> list[Any]:
    """One row (a dictionary) for CPython and for each board: what grew, in bytes and files. Blocks for minutes."""
    starts: dict[str, Callable[[], Running]] = {"CPython": partial(_serve_here, files, folder)}
    for board in boards:
        starts[f"{board.name} MicroPython"] = partial(board.serve, "microhttps", files, folder)
    rows = []
    for name, start in starts.items():
        row: dict[str, Any] = {"name": name, "requests": requests, "failures": failures}
        say(f"endurance: {name}")
        try:
            with start() as running:
                row.update(_watch(running, name != "CPython", requests, failures))
        except (Trouble, OSError) as trouble:
            row["trouble"] = str(trouble)
        rows.append(row)
    return rows


def _watch(running: Running, has_heap: bool, requests: int, failures: int) -> dict[str, Any]:
    # Both kinds of work before the first look: what is loaded or grown once is not a leak.
    try:
        _request_many(running.port, requests // 4)
        _fail_many(running.port, min(failures, WARM_UP_FAILURES))
        looks = [_look(running, has_heap)]
        _request_many(running.port, requests)
        looks.append(_look(running, has_heap))
        _fail_many(running.port, failures)
        looks.append(_look(running, has_heap))
    except (Trouble, OSError) as trouble:
        state = "and it still runs" if running.is_alive() else "and it has ended"
        raise Trouble(f"{trouble}; the server said ({state}):\n{running.output()}") from None
    return {
        "grown_by_requests": {key: looks[1][key] - looks[0][key] for key in looks[0]},
        "grown_by_failures": {key: looks[2][key] - looks[1][key] for key in looks[0]},
    }


def _look(running: Running, has_heap: bool) -> dict[str, int]:
    time.sleep(SETTLE_SECONDS)
    found = {"bytes": running.anonymous_bytes(), "files": running.open_files()}
    if has_heap:
        with load.open_connection(running.port) as connection:
            # The first asking leaves its own traces in the heap; the second one sees the same each time.
            load.ask(connection, "/memory")
            found["heap"] = int(load.ask(connection, "/memory"))
        time.sleep(SETTLE_SECONDS)
    else:
        load.check_answer(running.port)
    return found


def _request_many(port: int, count: int) -> None:
    end = time.monotonic() + LONGEST_SECONDS
    while count > 0:
        rate = load.run_wrk(port, WRK_SECONDS, CONNECTIONS)
        if rate.errors or time.monotonic() > end:
            raise Trouble(f"{rate.errors} requests failed, {count} of the long run were still to make")
        count -= rate.requests


def _fail_many(port: int, count: int) -> None:
    for number in range(count):
        with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as raw:
            try:
                FAILURES_IN_TURN[number % len(FAILURES_IN_TURN)](raw)
            except OSError:
                # A refusal, whichever way it comes, is what we are here for.
                pass


def _send_garbage(raw: socket.socket) -> None:
    raw.sendall(b"\x00\xff" * 100)
    _wait_for_close(raw)


def _speak_plain_http(raw: socket.socket) -> None:
    raw.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    _wait_for_close(raw)


def _distrust(raw: socket.socket) -> None:
    _DISTRUSTING.wrap_socket(raw, server_hostname="localhost")
    raise Trouble("a client that trusts nobody accepted the certificate")


def _vanish(raw: socket.socket) -> None:
    raw.sendall(_client_hello()[:100])


def _reset(raw: socket.socket) -> None:
    raw.sendall(_client_hello())
    raw.recv(1)
    # Closing with this option sends a reset instead of an end.
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


FAILURES_IN_TURN = (_send_garbage, _speak_plain_http, _distrust, _vanish, _reset)
_DISTRUSTING = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _client_hello() -> bytes:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = _DISTRUSTING.wrap_bio(incoming, outgoing, server_hostname="localhost")
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def _wait_for_close(raw: socket.socket) -> None:
    while raw.recv(4096):
        pass


def _serve_here(files: Files, folder: Path) -> Running:
    peer = next(peer for peer in PEERS if peer.is_ours)
    port = free_port()
    return Running(start_command(peer, port, files, folder), port, folder / "server.log", environment())
