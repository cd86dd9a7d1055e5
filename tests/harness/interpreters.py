"""The interpreters the tests run on: where each is found, and how a program of ours is started on it.

A MicroPython that should be there and is not makes a test fail and say so; only MICROPYTHON=none, which is somebody's
decision, takes the tests away, and then they are counted as deselected.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEARCHED = (ROOT / "src", ROOT / "tests", ROOT / "examples")
# Names a folder that microhttps_host.board has written.
BOARD_BUILD = "MICROHTTPS_BOARD_BUILD"

# name of the interpreter: (variable that names it, its wrapper in .micropython/bin, name on the PATH)
MICROPYTHONS = {
    "micropython": ("MICROPYTHON", "micropython", "micropython"),
    "micropython32": ("MICROPYTHON32", "micropython32", None),
    # Few tests want it: it is built, where that can be done, and they are deselected elsewhere.
    "micropython-pico": ("MICROPYTHON_PICO", "micropython-pico", None),
}
NAMES = ("cpython", "micropython")


class Missing(Exception):
    """There is no such interpreter on this machine: a sentence that says what to do."""


class Interpreter:
    """A Python that runs our programs: `name`, and the argument list `argv` that begins every command."""

    def __init__(self, name, argv):
        self.name = name
        self.argv = list(argv)

    def __repr__(self):
        return self.name

    @property
    def is_micropython(self):
        return self.name != "cpython"

    def command(self, *arguments, heap=None):
        """The whole command; `heap` (bytes or "48k") is the heap of a MicroPython."""
        options = ["-X", f"heapsize={heap}"] if heap and self.is_micropython else []
        return [*self.argv, *options, *map(str, arguments)]

    @property
    def environment(self):
        """The environment in which `import microhttps`, the tests' own modules and the examples are found."""
        searched = [str(folder) for folder in SEARCHED]
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(searched),
            # A path of one's own hides the modules that are built in, unless it names them.
            # What it made of the package hides the package itself, from MicroPython only.
            "MICROPYPATH": ":".join([".frozen", *filter(None, [os.environ.get(BOARD_BUILD)]), *searched]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            # A socket or file that nobody closed is told on stderr, and there it fails the test.
            "PYTHONWARNINGS": "always::ResourceWarning",
        }


def is_without_micropython():
    """Whether somebody decided to test without MicroPython."""
    return os.environ.get("MICROPYTHON") == "none"


@cache
def find(name):
    """The interpreter of this name (`cpython`, `micropython`, `micropython32`); raises Missing."""
    if name == "cpython":
        return Interpreter(name, [sys.executable])
    program = find_micropython(name)
    question = "import sys, tls; print(sys.implementation.name)"
    try:
        done = subprocess.run([program, "-c", question], capture_output=True, text=True, timeout=60)
    except OSError as error:
        raise Missing(f"{program} cannot be run: {error}") from None
    if done.stdout.strip() != "micropython":
        raise Missing(f"{program} is no MicroPython with `tls`: {done.stdout}{done.stderr}")
    return Interpreter(name, [program])


def find_or_fail(name):
    """The interpreter of this name; without it the test fails with one sentence."""
    try:
        return find(name)
    except Missing as error:
        pytest.fail(str(error), pytrace=False)


def find_micropython(name):
    """The program of a MicroPython: named by the environment, brought by `make micropython`, or on the PATH."""
    variable, wrapper, on_path = MICROPYTHONS[name]
    named = os.environ.get(variable)
    if named:
        return named
    brought = ROOT / ".micropython" / "bin" / wrapper
    if brought.exists():
        return str(brought)
    found = on_path and shutil.which(on_path)
    if found:
        return found
    raise Missing(
        f"there is no {name} for the tests: run `make micropython`, or name one with {variable}=/path/to/it, "
        "or decide to test without: MICROPYTHON=none"
    )
