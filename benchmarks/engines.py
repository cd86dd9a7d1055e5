"""`python -m benchmarks.engines [--save]`: what a TLS connection costs a server, by each engine.

Idle, and in the middle of the handshake: when the server has answered the hello and waits for the client, which is when
many clients hold most. The growth of the process is counted, for so many connections at once; on a board the Python
heap, and what Mbed TLS takes beside it. docs/engines.md has the figures (`tools/engines_page.py`).
"""

import json
import socket
import ssl
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import load
from .board import ROOT, SERVER, Board
from .certificate import Files, write_certificate
from .parts import prepare
from .peers import environment
from .processes import Running, free_port

SAVED = ROOT / "docs" / "engine-memory.json"
APP = Path(__file__).parent / "apps" / "engine_app.py"
ENGINES = {
    "openssl": "`openssl`: OpenSSL on CPython", "mbedtls": "`mbedtls`: Mbed TLS 2.28 on CPython",
    "bearssl": "`bearssl`: BearSSL on CPython",
}  # fmt: skip
COMPUTER_CONNECTIONS, BOARD_CONNECTIONS = 200, 7
SETTLE_SECONDS = 0.5
# What the sources of this project say of theirs.
OTHERS = [
    {"name": "the sources: ESP-IDF's HTTPS server, a socket", "idle": "40 KB", "handshake": "40 KB"},
    {"name": "the sources: Sming on an ESP8266", "idle": "4 KB", "handshake": "16 KB"},
]
HOW = (
    "What a server's process grows by for each connection, measured by `python -m benchmarks.engines --save` with {0} "
    "at once on CPython and {1} on 32-bit MicroPython, after one small request each: pages that are touched are "
    "counted, and whoever sends whole records of 16 KB touches more. MicroPython's heap and what Mbed TLS takes beside "
    "it are told apart; a board needs both. In the middle of its handshake is a connection whose hello was answered "
    "and whose client says nothing more."
)


@contextmanager
def hanging(port: int, count: int) -> Iterator[None]:
    """So many clients whose hello was answered, and who say nothing more."""
    opened = []
    try:
        for _ in range(count):
            raw = socket.create_connection(("127.0.0.1", port), load.TIMEOUT_SECONDS)
            opened.append(raw)
            outgoing = ssl.MemoryBIO()
            speaking = load.client_context().wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="localhost")
            try:
                speaking.do_handshake()
            except ssl.SSLWantReadError:
                raw.sendall(outgoing.read())
            raw.recv(1)  # the server's flight is there
        yield
    finally:
        for raw in opened:
            raw.close()


def _grown(server: Running, crowd: Any, count: int) -> float:
    time.sleep(SETTLE_SECONDS)
    before = server.anonymous_bytes()
    with crowd:
        time.sleep(SETTLE_SECONDS)
        return (server.anonymous_bytes() - before) / count


def on_a_computer(engine: str, files: Files, folder: Path) -> dict[str, Any]:
    """The row of an engine on CPython; blocks for seconds."""
    figures = {}
    count = COMPUTER_CONNECTIONS
    for name, make in (("idle", load.Crowd), ("handshake", hanging)):
        port = free_port()
        command = [sys.executable, str(APP), engine, str(port), str(files.certificate), str(files.key)]
        with Running(command, port, folder / "server.log", environment()) as server:
            with load.Crowd(port, 1):  # what is loaded or allocated once is not the price of a connection
                pass
            figures[name] = _grown(server, make(port, count), count)
    return {"name": ENGINES[engine], **figures}


def on_a_board(board: Board, files: Files, folder: Path) -> list[dict[str, Any]]:
    """The rows of MicroPython: its heap, and beside it; blocks for seconds."""
    inside, outside = {}, {}
    count = BOARD_CONNECTIONS
    for name, make in (("idle", load.Crowd), ("handshake", hanging)):
        with board.serve("microhttps", files, folder, heap_kilobytes=512, build=SERVER) as server:
            with load.open_connection(server.port) as asker:
                load.ask(asker, "/memory")
                alone, process = int(load.ask(asker, "/memory")), server.anonymous_bytes()
                with make(server.port, count):
                    time.sleep(SETTLE_SECONDS)
                    grown = server.anonymous_bytes() - process
                    inside[name] = (int(load.ask(asker, "/memory")) - alone) / count
                    outside[name] = grown / count - inside[name]
    name = f"`micropython`: MicroPython {board.version}, 32-bit"
    return [{"name": f"{name}, its heap", **inside}, {"name": f"{name}, Mbed TLS beside it", **outside}]


def main() -> int:
    """Measure, show, and keep with --save."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write_certificate(folder)
        rows = [on_a_computer(engine, files, folder) for engine in ENGINES]
        rows += on_a_board(prepare(folder), files, folder)
    saved = {"how": HOW.format(COMPUTER_CONNECTIONS, BOARD_CONNECTIONS), "rows": rows + OTHERS}
    print(json.dumps(saved, indent=2))
    if "--save" in sys.argv:
        SAVED.write_text(json.dumps(saved, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
