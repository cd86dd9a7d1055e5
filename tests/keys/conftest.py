"""What the tests of keys share: a home of their own, and the command line on it."""

import contextlib
import io
import json
import subprocess
import sys

import pytest

from microhttps_host import cli


class Home:
    """A folder of state, and one to work in; `does` runs a command that must succeed, `fails` one that must not."""

    def __init__(self, state, folder):
        self.state = state
        self.folder = folder

    def run(self, *arguments):
        said, complaint = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complaint):
            status = cli.main(list(map(str, arguments)))
        return subprocess.CompletedProcess(arguments, status, said.getvalue(), complaint.getvalue())

    def does(self, *arguments):
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def fails(self, *arguments):
        done = self.run(*arguments)
        assert (done.returncode, done.stdout) == (1, ""), done.stdout
        return done.stderr


@pytest.fixture
def home(tmp_path, monkeypatch):
    """With an authority, and a certificate for localhost."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.setenv("MICROHTTPS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    home = Home(tmp_path / "home", folder)
    home.does("ca", "init")
    home.does("ca", "issue", "localhost", "127.0.0.1")
    return home
