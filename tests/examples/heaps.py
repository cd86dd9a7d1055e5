"""How small a heap the applications in examples/ serve in, staged as `microhttps push` brings them onto a board.

    PYTHONPATH=tests:src python -m examples.heaps [NAME…]       finds the smallest, for examples/README.md

The board is a 32-bit MicroPython, whose objects have the size they have on an ESP32; Mbed TLS allocates beside the heap
here, as there. main.py is compiled at its start, as there.
"""

import asyncio
import base64
import hashlib
import http.client
import json
import os
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from harness import certificates
from harness.interpreters import ROOT, find_or_fail
from harness.programs import Programs, free_port, is_listening

EXAMPLES = ROOT / "examples"
PASSWORD = "a password"
START = """
import sys
import main

ports = {name: int(value) for name, value in [word.split("=") for word in sys.argv[1:]]}
if hasattr(main, "server"):
    main.server.host, main.server.port = "127.0.0.1", ports["HTTPS"]
    if hasattr(main, "BOARDS"):
        main.BOARDS = [("board-%d.local" % number, "https://127.0.0.1:%d/reading" % port)
                       for number, port in sorted([(int(name), ports[name]) for name in ports if name.isdigit()])]
        main.EVERY = 1
else:
    main.HTTP, main.HTTPS, main.DNS = main.portal.port, main.site.port, _ = ports["HTTP"], ports["HTTPS"], ports["DNS"]
    main.site.settings.redirect_port = ports["HTTP"]
(main.main if hasattr(main, "main") else main.server.run)()
"""
PATIENCE = 30  # seconds for one answer


class Failed(Exception):
    """It did not answer as it should."""


def stage(name, folder, made):
    """What a push would bring onto a board, in a folder; `made` has certificates."""
    page = EXAMPLES / f"{name}.html"
    own = "gateway" if name == "gateway" else "device"
    command = [sys.executable, "-m", "microhttps_host", "push", "--to", str(folder), str(made / f"{name}.py"),
               "--certificate", str(made / f"{own}.crt"), "--key", str(made / f"{own}.key"),
               *(["--with", str(page)] if page.exists() else [])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "start.py").write_text(START)
    return folder


def make(folder):
    """The examples, and beside them the certificates they name."""
    for file in [*EXAMPLES.glob("*.py"), *EXAMPLES.glob("*.html")]:
        (folder / file.name).write_bytes(file.read_bytes())
    authority = certificates.make("an authority", is_authority=True)
    both = [(certificates.x509.ExtendedKeyUsage([certificates.ExtendedKeyUsageOID.SERVER_AUTH,
                                                 certificates.ExtendedKeyUsageOID.CLIENT_AUTH]), False)]
    certificates.write(folder, "ca", authority)
    for name, file in (("gateway.local", "gateway"), ("board-1.local", "device")):
        names = (name, *certificates.HERE)
        if file == "device":
            names += tuple(f"board-{number}.local" for number in range(2, 11))
        certificates.write(folder, file, certificates.make(name, names, authority, instead=both))
    return folder


class Board:
    """One start of a staged application in a heap; ask it with `get`, `send`, `open`."""

    def __init__(self, programs, stage, made, kilobytes, **ports):
        self.made = made
        self.stage = stage
        self.port = free_port()
        self.context = ssl.create_default_context(cafile=str(made / "ca.crt"))
        self.context.load_cert_chain(made / "gateway.crt", made / "gateway.key")
        self.http = free_port()
        ports = {"HTTPS": self.port, "HTTP": self.http, "DNS": free_port(), **ports}
        for old in ("thermostat.json", "wifi.json", "firmware.bin"):
            (stage / old).unlink(missing_ok=True)
        (stage / "password.txt").write_text(PASSWORD)
        self.program = programs.start(
            find_or_fail("micropython32").command("start.py", *[f"{name}={port}" for name, port in ports.items()],
                                                  heap=f"{kilobytes}k"),
            name=stage.name, cwd=stage, may_complain=True, environment={**os.environ, "MICROPYPATH": ".frozen:lib"})

    def until_it_listens(self, port):
        self.until(lambda: is_listening(port))

    def until(self, question):
        deadline = time.monotonic() + PATIENCE
        while not question():
            if not self.program.is_running() or time.monotonic() > deadline:
                raise Failed(self.program.complaints[-300:])
            time.sleep(0.05)

    def open(self, path, method="GET", body=None, user=None, plain=False):
        connection = (http.client.HTTPConnection("127.0.0.1", self.http, timeout=PATIENCE) if plain else
                      http.client.HTTPSConnection("127.0.0.1", self.port, timeout=PATIENCE, context=self.context))
        pair = base64.b64encode(f"{user}:{PASSWORD}".encode()).decode()
        headers = {"Authorization": "Basic " + pair} if user else {}
        if plain and body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        return connection, connection.getresponse()

    def get(self, path, expected=200, **more):
        connection, answer = self.open(path, **more)
        try:
            body = answer.read()
        finally:
            connection.close()
        if answer.status != expected:
            raise Failed(f"{path}: {answer.status} {body!r}")
        return body, answer


def use_dashboard(board):
    board.get("/")
    listeners = [board.open("/events") for _ in range(2)]
    try:
        for _, answer in listeners:
            while not answer.readline().startswith(b"data: "):
                pass
        board.get("/readings")
    finally:
        for connection, answer in listeners:
            answer.close()
            connection.close()


def use_thermostat(board):
    _, answer = board.get("/", user="home")
    cookie = {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}
    url = f"wss://127.0.0.1:{board.port}/live"
    options = {"ssl": board.context, "additional_headers": cookie, "open_timeout": PATIENCE}

    async def play():
        async with connect(url, **options) as one, connect(url, **options) as other:
            for target, phone in ((21.5, one), (17, other)):
                await phone.send(json.dumps({"target": target}))
                for each in (one, other):
                    while json.loads(await asyncio.wait_for(each.recv(), PATIENCE))["target"] != target:
                        pass

    asyncio.run(play())


def use_firmware_update(board):
    board.get("/", user="admin")
    new = os.urandom(200_000)
    board.get(f"/firmware?sha256={hashlib.sha256(new).hexdigest()}", method="PUT", body=new, user="admin")
    board.until(lambda: (board.stage / "firmware.bin").exists()
                and (board.stage / "firmware.bin").read_bytes() == new)


def use_portal(board):
    if not is_listening(board.port):
        board.get("/generate_204", 302, plain=True)
        board.get("/", plain=True)
        board.get("/network", plain=True, method="POST", body="name=home&passphrase=correct+horse")
        board.until_it_listens(board.port)
    board.get("/", 301, plain=True)
    board.get("/", user="admin")


def use_gateway_board(board):
    connections = [board.open("/reading") for _ in range(2)]
    for connection, answer in connections:
        answer.read()
        for _ in range(2):
            connection.request("GET", "/reading")
            if connection.getresponse().read()[:1] != b"{":
                raise Failed
        connection.close()


def use_gateway(board):
    board.get("/")
    board.until(lambda: all(each["reading"] and each["reading"]["asked"] > 1
                            for each in json.loads(board.get("/readings")[0])))


USES = {name[4:]: function for name, function in list(globals().items()) if name.startswith("use_")}


def serves(programs, stage, made, kilobytes, boards=()):
    """Whether it serves in a heap of that size, twice over; why not is printed."""
    name = stage.name
    ports = {str(number): port for number, port in enumerate(boards, 1)} if name == "gateway" else {}
    board = Board(programs, stage, made, kilobytes, **ports)
    try:
        board.until_it_listens(board.http if name == "portal" else board.port)
        for _ in range(2):
            USES[name](board)
        return True
    except (Failed, OSError, http.client.HTTPException, TimeoutError, asyncio.TimeoutError, ValueError, TypeError,
            WebSocketException) as error:
        print("   not in", kilobytes, "KB:", type(error).__name__, str(error).strip()[-200:], flush=True)
        return False
    finally:
        board.program.reap()


def boards_for(name, programs, folder, made):
    """The ports of ten boards with plenty of heap, for a gateway; none for others."""
    if name != "gateway":
        return ()
    staged = stage("gateway_board", folder / "gateway_board", made)
    boards = [Board(programs, staged, made, 1024) for _ in range(10)]
    for board in boards:
        board.until_it_listens(board.port)
    return [board.port for board in boards]


def find_smallest(name, folder, made):
    programs = Programs(folder)
    try:
        staged = stage(name, folder / name, made)
        boards = boards_for(name, programs, folder, made)
        too_small, enough = 24, 256
        while enough - too_small > 1:
            middle = (too_small + enough) // 2
            if all(serves(programs, staged, made, middle, boards) for _ in range(3)):
                enough = middle
            else:
                too_small = middle
        return enough
    finally:
        programs.end(has_failed=False)


if __name__ == "__main__":
    for each in sys.argv[1:] or USES:
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "made").mkdir()
            print(each, find_smallest(each, Path(name), make(Path(name) / "made")), "KB", flush=True)
