"""What the tests of the local authority share: a vault of their own, and the command `microhttps ca` on it."""

import subprocess
import sys
from pathlib import Path

import pytest

from harness.command_line import CommandLine, work_in
from microhttps_host.authority.vault import Vault

COMMAND = [sys.executable, "-m", "microhttps_host"]


class Home(CommandLine):
    """A folder of state, and `microhttps ca` on it: `ca(...)` runs a command that must succeed."""

    def __init__(self, folder, elsewhere):
        super().__init__("ca")
        self.folder = folder
        self.elsewhere = elsewhere
        self.vault = Vault(folder)

    ca = CommandLine.does

    def path(self, name):
        return self.folder / name

    def contents(self):
        return {str(path.relative_to(self.folder)): path.read_bytes()
                for path in sorted(Path(self.folder).rglob("*")) if path.is_file()}


@pytest.fixture
def home(tmp_path, monkeypatch):
    work_in(tmp_path, tmp_path / "home", monkeypatch)
    return Home(tmp_path / "home", tmp_path)


@pytest.fixture
def openssl(tool):
    """openssl verify -x509_strict: (accepts, what it said)."""

    def verify(authority, certificate, *options, purpose="sslserver"):
        command = [tool("openssl"), "verify", "-x509_strict", "-purpose", purpose, "-CAfile", authority, *options]
        done = subprocess.run([*map(str, command), str(certificate)], capture_output=True, text=True, timeout=60)
        return done.returncode == 0, done.stdout + done.stderr

    return verify
