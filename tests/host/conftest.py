"""What the tests of the command line share: a state folder of their own, a served application, a command that ends."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

COMMAND = [sys.executable, "-m", "microhttps_host"]


@pytest.fixture
def environment(tmp_path):
    return {**os.environ, "MICROHTTPS_HOME": str(tmp_path / "home"), "COLUMNS": "40"}


@pytest.fixture
def serve(environment, tmp_path):
    """Starts `microhttps serve` on a port of its own; gives the process and the facts it tells programs."""

    @contextmanager
    def start(*arguments, folder=tmp_path):
        command = [*COMMAND, "serve", "--port", "0", "--json", *arguments]
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            yield process, json.loads(line)
        finally:
            process.kill()
            process.communicate()

    return start


@pytest.fixture
def run(environment, tmp_path):
    """Runs a command that ends by itself; gives its status and what it said on stdout and on stderr."""

    def run_it(*arguments):
        command = [*COMMAND, *map(str, arguments)]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
        assert "Traceback" not in done.stderr + done.stdout
        return done.returncode, done.stdout, done.stderr

    return run_it
