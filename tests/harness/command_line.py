"""`microhttps` in the process of the tests, by the function that the console script calls.

A process each would be most of the time of tests that run hundreds.
"""

import contextlib
import io
import json
import subprocess
import sys

from microhttps_host import cli


class CommandLine:
    """`does(...)` runs a command that must succeed, `fails(...)` one that must not; all begin with the same words."""

    def __init__(self, *beginning):
        self._beginning = beginning

    def run(self, *arguments):
        said, complaint = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complaint):
            status = cli.main([*self._beginning, *map(str, arguments)])
        return subprocess.CompletedProcess(arguments, status, said.getvalue(), complaint.getvalue())

    def does(self, *arguments):
        """The facts that a command tells programs."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def fails(self, *arguments):
        """What a command says that fails: it has a code and a next step."""
        done = self.run(*arguments)
        assert (done.returncode, done.stdout) == (2 if "[bad_option]" in done.stderr else 1, ""), done.stdout
        return done.stderr


def work_in(folder, state, monkeypatch):
    """The command line works in this folder, with that one of state, in a wide window, and nobody is at the keys."""
    monkeypatch.setenv("MICROHTTPS_HOME", str(state))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
