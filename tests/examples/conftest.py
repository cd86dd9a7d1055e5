"""What the tests of the examples share: certificates as examples/README.md makes them, and a way to run an example."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from examples.visiting import chromium, look, visit  # noqa: F401, fixtures of these tests
from harness.interpreters import ROOT
from harness.programs import is_listening, until

EXAMPLES = ROOT / "examples"
RUN = Path(__file__).with_name("run_example.py")


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A folder in which the commands of examples/README.md were run as they stand there."""
    folder = tmp_path_factory.mktemp("made")
    commands = re.search(r"```sh\n(.*?)```", (EXAMPLES / "README.md").read_text(), re.DOTALL).group(1)
    environment = {**os.environ, "MICROHTTPS_HOME": str(folder / "home"),
                   "PATH": os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])}
    done = subprocess.run(["sh", "-ec", commands], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def here(made, tmp_path):
    """Where the examples of this test run: ca.crt, device.crt, device.key, alice.crt and alice.key are there."""
    for file in made.glob("*.*"):
        shutil.copy(file, tmp_path)
    return tmp_path


@pytest.fixture
def run_on(programs, here):
    """Starts an example on an interpreter; see run_example.py for the changes."""

    def start(interpreter, name, path=(), heap=None, may_complain=False, **changes):
        file = programs.new_file("changes.json")
        file.write_text(json.dumps({"path": [str(here), *map(str, path)], **changes}))
        return programs.run(interpreter, RUN, name, file, name=f"{name} on {interpreter}", cwd=here, heap=heap,
                            may_complain=may_complain)

    return start


@pytest.fixture
def run_example(run_on, interpreter):
    """The same, on each interpreter in turn."""
    return lambda name, **options: run_on(interpreter, name, **options)


@pytest.fixture
def serve_example(run_example, port):
    """Starts an example that makes `server`, and waits until it listens; `stop` is Ctrl-C."""

    def start(name, **changes):
        program = run_example(name, **{"server.host": "127.0.0.1", "server.port": port, **changes})
        until(lambda: is_listening(port) or not program.is_running())
        assert program.is_running(), program.fail("ended")
        return program

    return start


@pytest.fixture
def said(run_example):
    """The lines of an example that ends by itself."""

    def answer(name, **changes):
        program = run_example(name, **changes)
        lines = program.lines_until_end()
        assert program.wait() == 0, program.fail("failed")
        return lines

    return answer


def press_ctrl_c(program):
    """As in its terminal; the lines it says then. It ends well."""
    os.killpg(program.pid, signal.SIGINT)
    lines = program.lines_until_end()
    assert program.wait() == 0, program.fail("did not end well")
    return lines


@pytest.fixture
def curl(tool, here, port):
    """Asks a server of this test: (curl's status, what it printed)."""

    def ask(path="/", *options, trust="ca.crt", port=port):
        command = [tool("curl"), "--silent", "--show-error", "--max-time", "20", "--cacert", trust, *options,
                   f"https://localhost:{port}{path}"]
        done = subprocess.run([*map(str, command)], cwd=here, capture_output=True, text=True, timeout=30)
        return done.returncode, done.stdout + done.stderr

    return ask
