"""`python -m benchmarks.parts [--save]`: what each part of the runtime keeps of a small board's heap.

Each is used once, on a 32-bit MicroPython that serves HTTPS, and compared with a server that has nothing of it. docs/
memory.md has the figures (`tools/memory_page.py`). The TLS library of this build allocates beside the Python heap.
"""

import asyncio
import datetime
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from microhttps import Client, NetworkError, Trust
from microhttps.client_auth import Digest
from microhttps_host.board.build import build

from .board import PROGRAMS, ROOT, Board, compile_program, run_program
from .certificate import write_certificate
from .processes import Running, free_port

SAVED = ROOT / "docs" / "memory.json"
START_SECONDS = 20
MULTIPART = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nfile\r\n--x--\r\n'
Use = Callable[[Client, str], Coroutine[Any, Any, object]]


async def _get(client: Client, url: str) -> object:
    return await client.get(url)


async def _post(client: Client, url: str) -> object:
    return await client.post(url, body='{"a": 1}')


async def _form(client: Client, url: str) -> object:
    return await client.post(url, body="name=anna", headers={"Content-Type": "application/x-www-form-urlencoded"})


async def _upload(client: Client, url: str) -> object:
    return await client.post(url, MULTIPART, {"Content-Type": "multipart/form-data; boundary=x"})


async def _basic(client: Client, url: str) -> object:
    return await client.get(url, auth=("name", "password"))


async def _pass_by(client: Client, url: str) -> object:
    return await client.get(url.replace("part", "memory"))


async def _watch(client: Client, url: str) -> object:
    await client.get(url, auth=("name", "password"))
    return await client.get(url + "/now", auth=("name", "password"))


async def _digest(client: Client, url: str) -> object:
    return await client.get(url, auth=Digest("name", "password"))


async def _file(client: Client, url: str) -> object:
    return await client.get(url + "/served.txt")


async def _listen(client: Client, url: str) -> object:
    stream = await client.stream("GET", url)
    async for _ in stream:
        return stream  # it stays open while the heap is looked at
    return stream


async def _talk(client: Client, url: str) -> object:
    socket = await client.websocket(url.replace("https", "wss"))
    await socket.send("hello")
    await socket.receive()
    return socket


# part of parts_app: (what the page calls it, how it is used)
PARTS: dict[str, tuple[str, Use]] = {
    "waiting": ("an `async def` handler", _get),
    "body": ("bodies, for `def` handlers (`request.content`)", _post),
    "json": ("`await request.json()`", _post),
    "form": ("`await request.form()`, url-encoded", _form),
    "upload": ("`request.parts()`, an upload into a file", _upload),
    "files": ("`server.static`, `Response.file`", _file),
    "group": ("a `Group`, parameters in paths", lambda client, url: _get(client, url + "/anna")),
    "basic": ("`BasicAuth`", _basic),
    "digest": ("`DigestAuth`, one user", _digest),
    "sessions": ("`CookieSessions`", _get),
    "cors": ("`server.use`, `Cors`", _pass_by),
    "events": ("`EventStream`, with one listener and its connection", _listen),
    "websocket": ("WebSockets, with one open and its connection", _talk),
    "status": ("a `Status` with `users=` that nobody looks at", _pass_by),
    "watched": ("the same, once somebody has looked", _watch),
    "client": ("a `Client` beside the server, and its kept connection at both ends", _get),
}


async def _kept(port: int, use: Use | None) -> int:
    """The bytes kept by a server on this port, once a part was used."""
    async with Client(Trust.danger_anyone(), recv_timeout=10) as client:
        base = f"https://127.0.0.1:{port}"
        await _answered(client, base + "/memory")
        await client.get(base + "/memory")
        held = await use(client, base + "/part") if use else None
        await asyncio.sleep(0.2)
        kept = int((await client.get(base + "/memory")).text())
        if hasattr(held, "abort"):
            held.abort()
        return kept


async def _answered(client: Client, url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            await client.get(url)
            return
        except NetworkError:
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.05)


def measure(board: Board, folder: Path, say: Callable[[str], None] = print) -> dict[str, float]:
    """{what the page calls it: bytes}, the ground first; blocks for a minute."""
    files = write_certificate(folder)
    (board.packages / "both" / "served.txt").write_text("served")

    def kept(part: str, build: str) -> int:
        say(f"{part}, in the build for {build}")
        port = free_port()
        command = board.command("parts_app", str(port), str(files.certificate_der), str(files.key_der), part)
        with Running(command, port, folder / "board.log", board.environment(), board.packages / build):
            return asyncio.run(_kept(port, PARTS[part][1] if part in PARTS else None))

    found: dict[str, float] = {
        "a server, imported": int(board.run("import_server", build="server")),
        "a client, imported": int(board.run("import_client", build="client")),
        "a server that has answered, with the connection that asked": kept("nothing", "server"),
    }
    ground = {build: kept("nothing", build) for build in ("server", "both")}
    for part, (name, _) in PARTS.items():
        build = "both" if part == "client" else "server"
        found["+ " + name] = kept(part, build) - ground[build]
    return found


def prepare(folder: Path) -> Board:
    """The 32-bit board with the programs and a build for each profile."""
    packages = folder / "mpy"
    for profile in ("server", "client", "both"):
        build(packages / profile, profile)
        for file in PROGRAMS.glob("[!_]*.py"):
            compile_program(file, packages / profile / f"{file.stem}.mpy")
    program = shutil.which(str(ROOT / ".micropython" / "bin" / "micropython32")) or "micropython32"
    version = run_program([program, "-c", "import sys; print('.'.join(map(str, sys.implementation[1][:3])))"]).strip()
    return Board("32-bit", program, version, packages)


def main() -> int:
    """Measure, show, and keep with --save."""
    with tempfile.TemporaryDirectory() as name:
        board = prepare(Path(name))
        parts = measure(board, Path(name))
    saved = {"date": datetime.date.today().isoformat(), "version": board.version, "parts": parts}
    print(json.dumps(saved, indent=2))
    if "--save" in sys.argv:
        SAVED.write_text(json.dumps(saved, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
