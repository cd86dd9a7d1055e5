"""Takes docs/status.webp and docs/status-phone.webp: the status page of a MicroPython server that has some clients.

    PYTHONPATH=tests .venv/bin/python -m status.picture

Everything on them is real, but the addresses, which are all of this machine. Takes a minute, for the line to fill.
"""

import contextlib
import random
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from browser.conftest import CHROMIUM, OPTIONS
from browser.devtools import Page
from harness.certificates import make, write
from harness.certificates import write_clients as write_clients_of
from harness.interpreters import ROOT, find
from harness.programs import Programs, find_tool, free_port, until
from status.application import PASSWORD
from status.watching import start_watched

NAME = "lamp.local"
PATHS = ["/"] * 14 + ["/moved", "/nowhere"]
# The last number of its address, requests a second, the certificate it shows.
CLIENTS = ((21, 4, "client"), (34, 0.4, "client-other"), (55, 9, None))


def main():
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as ending:
        certificates = Path(folder)
        write_certificates(certificates)
        programs, port = Programs(folder), free_port()
        ending.callback(programs.end, has_failed=False)
        start_watched(programs, find("micropython32"), certificates, port, heap="288k", certificate="lamp",
                      clients="optional", can_close=True, settings={"max_sockets_per_address": 8})
        over = threading.Event()
        ending.callback(over.set)
        for number, rate, shown in CLIENTS:
            threading.Thread(target=ask, args=(certificates, port, number, rate, shown, over), daemon=True).start()
        take_pictures(programs, certificates, port)


def write_certificates(folder):
    authority, stranger = make("microhttps, on anna's desk", is_authority=True), make("a stranger", is_authority=True)
    write(folder, "ca", authority)
    write(folder, "lamp", make(NAME, (NAME, "192.168.4.1"), authority))
    write_clients_of(folder, authority, stranger, authority)


def ask(certificates, port, number, rate, shown, over):
    """A client that asks so many times a second, until it is over."""
    context = ssl.create_default_context(cafile=str(certificates / "ca.crt"))
    if shown:
        context.load_cert_chain(certificates / f"{shown}.crt", certificates / f"{shown}.key")
    raw = socket.create_connection(("127.0.0.1", port), source_address=(f"127.0.0.{number}", 0))
    with context.wrap_socket(raw, server_hostname=NAME) as tls:
        while not over.wait(min(random.expovariate(rate), 4)):  # a board keeps nobody who is idle for long
            tls.sendall(f"GET {random.choice(PATHS)} HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
            tls.recv(4000)


def come_and_go(port, number):
    """Visitors, and what goes wrong in a network: browsers without the authority, http:// for https://, old clients."""
    curl = [find_tool("curl"), "-s", "--max-time", "9", "--interface", f"127.0.0.{number}"]
    for _ in range(40):
        subprocess.run([*curl, "-k", f"https://127.0.0.1:{port}/"], capture_output=True)
    subprocess.run([*curl, f"http://127.0.0.1:{port}/"], capture_output=True)
    for _ in range(3):
        subprocess.run([*curl, f"https://127.0.0.1:{port}/"], capture_output=True)
    subprocess.run([*curl, "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0", "-k", f"https://127.0.0.1:{port}/"],
                   capture_output=True)


def take_pictures(programs, certificates, port):
    profile = certificates / "profile"
    programs.start([find_tool(*CHROMIUM), *OPTIONS, f"--user-data-dir={profile}", "--remote-debugging-port=0",
                    "--ignore-certificate-errors", f"--host-resolver-rules=MAP {NAME} 127.0.0.1", "about:blank"],
                   may_complain=True)
    page = Page(profile)
    page.hear_complaints()
    page.emulate(1120, 800, prefers_color_scheme="light")
    page.open(f"https://admin:{PASSWORD.replace(' ', '%20')}@{NAME}:{port}/status")
    until(lambda: page.run("document.querySelector('#note').className") == "live", 40)
    time.sleep(50)
    come_and_go(port, 8)
    time.sleep(12)
    for file, width, height, colours in (("status.webp", 1120, 940, "light"), ("status-phone.webp", 390, 844, "dark")):
        page.emulate(width, height, is_phone=width < 500, prefers_color_scheme=colours)
        time.sleep(1)
        taken = ROOT / "docs" / file
        taken.write_bytes(page.picture_of_screen("webp", quality=82))
        print(f"wrote docs/{file}: {taken.stat().st_size} bytes")
    page.close()


if __name__ == "__main__":
    main()
