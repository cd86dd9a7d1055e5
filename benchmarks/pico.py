"""`python -m benchmarks.pico`: what a TLS connection takes with the TLS of a Pico W, for docs/memory.md.

The MicroPython of tools/pico_micropython.py has that configuration of Mbed TLS, on this machine: objects have 64 bits
here and 32 there, so that a board needs a little less. Linux only.
"""

import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import load
from .board import PROGRAMS, ROOT
from .certificate import Files, write_certificate
from .processes import START_SECONDS, free_port
from .trouble import Trouble

COUNT = 100
PROGRAM = "tls_alone.py"


def measure(program: str, files: Files, phase: str) -> int:
    """Bytes for each connection, idle or in the middle of its handshake; blocks for seconds."""
    port = free_port()
    command = [program, str(PROGRAMS / PROGRAM), str(port), str(COUNT), str(files.certificate_der), str(files.key_der),
               phase]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        held: list[object] = []
        try:
            while server.poll() is None and len(held) < COUNT + 10:
                held.append(_speak(port, phase == "idle"))
            assert server.stdout is not None
            said = server.stdout.read()
        finally:
            server.kill()
    if not said.strip().isdigit():
        raise Trouble(f"{program} did not measure: {said}")
    return int(said)


def _speak(port: int, is_idle: bool) -> object:
    """A client of TLS 1.2, as boards speak it, that is held: it has asked, or has said hello and no more."""
    raw = _connected(port)
    context = load.client_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    if is_idle:
        secure = context.wrap_socket(raw, server_hostname="localhost")
        secure.sendall(b"hello")
        secure.recv(5)
        return secure
    outgoing = ssl.MemoryBIO()
    try:
        context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="localhost").do_handshake()
    except ssl.SSLWantReadError:
        raw.sendall(outgoing.read())
    raw.recv(1)  # the server's flight is there
    return raw


def _connected(port: int) -> socket.socket:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), load.TIMEOUT_SECONDS)
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def main() -> int:
    """Measure and show."""
    program = shutil.which(str(ROOT / ".micropython" / "bin" / "micropython-pico"))
    if program is None:
        print("there is no micropython-pico: make micropython")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        files = write_certificate(Path(folder))
        for phase in ("idle", "handshake"):
            print(f"{phase}: {measure(program, files, phase) / 1024:.1f} KB a connection")
    return 0


if __name__ == "__main__":
    sys.exit(main())
