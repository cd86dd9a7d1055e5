"""What the tests of the local authority share: a vault of their own, and the command `microhttps ca` on it."""

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from microhttps_host import cli
from microhttps_host.authority.vault import Vault

COMMAND = [sys.executable, "-m", "microhttps_host"]


class Home:
    """A folder of state: `ca(...)` runs a command on it that must succeed, `fails(...)` one that must not.

    In this process, by the function that the console script calls: a process each would be most of the time.
    """

    def __init__(self, folder, elsewhere):
        self.folder = folder
        self.elsewhere = elsewhere
        self.vault = Vault(folder)

    def path(self, name):
        return self.folder / name

    def run(self, *arguments):
        said, complaint = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complaint):
            status = cli.main(["ca", *map(str, arguments)])
        return subprocess.CompletedProcess(arguments, status, said.getvalue(), complaint.getvalue())

    def ca(self, *arguments):
        """The facts that `microhttps ca ... --json` tells."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def fails(self, *arguments):
        """What a command says that fails: it has a code and a next step."""
        done = self.run(*arguments)
        assert (done.returncode, done.stdout) == (1, ""), done.stdout
        return done.stderr

    def contents(self):
        return {str(path.relative_to(self.folder)): path.read_bytes()
                for path in sorted(Path(self.folder).rglob("*")) if path.is_file()}


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROHTTPS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return Home(tmp_path / "home", tmp_path)


@pytest.fixture
def openssl(tool):
    """openssl verify -x509_strict: (accepts, what it said)."""

    def verify(authority, certificate, *options, purpose="sslserver"):
        command = [tool("openssl"), "verify", "-x509_strict", "-purpose", purpose, "-CAfile", authority, *options]
        done = subprocess.run([*map(str, command), str(certificate)], capture_output=True, text=True, timeout=60)
        return done.returncode == 0, done.stdout + done.stderr

    return verify
