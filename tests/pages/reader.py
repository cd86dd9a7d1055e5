"""Somebody who reads a page and does what it says, in an empty folder and with an empty home."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from harness.interpreters import ROOT
from harness.programs import free_port, until

NAMED = (80, 443, 587, 8480, 8883, 9443)
SAME = {8443: 443, 8080: 80}  # `microhttps serve` takes the one for root, the other for everybody else
OTHER_PORTS = Path(__file__).with_name("other_ports")
PATIENCE = 120
CALLED = """

import asyncio
import socket

from microhttps import Client, Trust


def dialled(host, port):
    sock = socket.socket()
    sock.connect(socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)[0][-1])
    return sock


async def called():
    async with Client(trust=Trust.load("ca.crt")) as client:
        print({code})


asyncio.run(called())
"""


class Reader:
    """Does what the blocks of one page say; `interpreter` runs the Python that both can run."""

    def __init__(self, folder, programs, interpreter):
        self.folder = folder / "folder"
        self.folder.mkdir()
        self._programs = programs
        self._interpreter = interpreter
        self._ports = {port: free_port() for port in NAMED}
        self._ports |= {port: self._ports[same] for port, same in SAME.items()}
        self._serving = None
        self._said = ""
        home = folder / "home"
        home.mkdir()
        (home / ".curlrc").write_text("".join(
            f'connect-to = ":{port}:127.0.0.1:{there}"\n' for port, there in self._ports.items()))
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("XDG_", "MICROHTTPS", "PYTHON")) or name == "PYTHONDONTWRITEBYTECODE"}
        self.environment = {
            **kept, "HOME": str(home), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PAGE_PORTS": ",".join(f"{port}={there}" for port, there in self._ports.items()),
            "PYTHONPATH": f"{OTHER_PORTS}:{ROOT / 'src'}", "PYTHONUNBUFFERED": "1", "COLUMNS": "120",
            "ROOT": str(ROOT),
        }  # fmt: skip

    def do(self, block):
        """Do what one block says; fails the test where it does not go as it says."""
        for mark in block.before:
            verb, _, command = mark.partition(": ")
            if verb == "serving":
                self._serve(command, block)
            else:
                self._run_shell(command, 0, block)
        mark, _, rest = block.mark.partition(" ")
        if mark == "file":
            (self.folder / rest).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / rest).write_text(block.text)
        elif mark == "serve":
            self._serve(block.text, block)
        elif mark == "shows":
            self._compare(block)
        elif mark == "called:":
            self._run_python(block, True, CALLED.replace("{code}", rest))
        elif mark in ("run", "run,") and block.kind == "python":
            self._run_python(block, is_for_both="CPython" not in rest)
        elif mark in ("run", "run,"):
            self._run_shell(block.text, int(re.sub(r"\D", "", rest) or 0), block)

    def _run_shell(self, text, status, block):
        done = subprocess.run(["sh", "-ec", text], cwd=self.folder, env=self.environment, capture_output=True,
                              text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)
        self._said = done.stdout + done.stderr
        if done.returncode != status:
            served = self._serving.lines_now() if self._serving else ""
            pytest.fail(f"line {block.line} ended with {done.returncode}:\n{text}\n{self._said}\n{served}",
                        pytrace=False)

    def _run_python(self, block, is_for_both, behind=""):
        file = self.folder / "block.py"
        text = block.text + behind
        command, environment = [sys.executable, "block.py"], self.environment
        if is_for_both and self._interpreter.is_micropython:
            # Its sockets cannot be told where a port is, as CPython's and curl are: the text is.
            text = self._told(text)
            command, environment = self._interpreter.command("block.py"), self._interpreter.environment
        file.write_text(text)
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True,
                              timeout=PATIENCE)
        self._said = done.stdout + done.stderr
        if done.returncode:
            pytest.fail(f"line {block.line} ended with {done.returncode}:\n{text}\n{self._said}", pytrace=False)

    def _told(self, text):
        text = re.sub(r"\b(8443|8883)\b", lambda match: str(self._ports[int(match[0])]), text)
        name = r"(?:\w+\.local|example\.org)"
        for scheme, port in (("https", 443), ("http", 80)):
            text = re.sub(rf"{scheme}://{name}/", f"{scheme}://localhost:{self._ports[port]}/", text)
        text = re.sub(rf'"{name}", (443|587)', lambda match: f'"localhost", {self._ports[int(match[1])]}', text)
        return re.sub(rf'"{name}"', '"localhost"', text)

    def _serve(self, text, block):
        self.stop()
        # The last command is the one that goes on: `exec` gives it the signals.
        *first, last = [line for line in text.splitlines() if line.strip()]
        self._serving = self._programs.start(["sh", "-ec", "\n".join([*first, "exec " + last])], f"line {block.line}",
                                             cwd=self.folder, environment=self.environment, may_complain=True)
        until(self._listens)

    def _listens(self):
        """A server of the page listens."""
        if not self._serving.is_running():
            self._serving.fail("ended")
        for named in (8443, 443, 8080, 80, 9443):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._ports[named])) == 0:
                    return True
        return False

    def _compare(self, block):
        for line in block.text.splitlines():
            wanted = ".*".join(re.escape(part.strip()) for part in re.split("…", line.strip()))
            if not re.search(wanted.replace(r"\ ", " +"), self._said):
                pytest.fail(f"line {block.line}: the page shows\n{line}\nand what was said is\n{self._said}",
                            pytrace=False)

    def stop(self):
        """End what is being served."""
        if self._serving is not None:
            self._serving.reap()
