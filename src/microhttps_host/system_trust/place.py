"""The machine whose stores are changed, and the one way in which its commands are run.

A test makes a place of its own: another root folder, another home, and a `run` that notes what would be done. Layer 12.
"""

import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TIMEOUT_SECONDS = 60.0  # macOS and Windows ask the user first
NOT_RUN = 127  # as a shell says it
# Where Debian keeps `update-ca-certificates`, and a user's PATH does not look.
MORE_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")


@dataclass(frozen=True)
class Done:
    """How a command has ended, and what it said, to either side."""

    status: int
    said: str


Run = Callable[[Sequence[str], str], Done]


def run(command: Sequence[str], told: str = "") -> Done:
    """Run a command, which reads `told` and asks nobody; one that cannot be run has a status, too. Blocks."""
    try:
        done = subprocess.run(
            list(command), input=told.encode(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C"}, timeout=TIMEOUT_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Done(NOT_RUN, f"it had not ended after {TIMEOUT_SECONDS:g} seconds")
    except OSError as error:
        return Done(NOT_RUN, (error.strerror or str(error)).lower())
    return Done(done.returncode, done.stdout.decode(errors="replace"))


def find_program(name: str) -> str | None:
    """Where a program is, if it is installed."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *MORE_FOLDERS]))


@dataclass(frozen=True)
class Place:
    """This machine, or what a test has in its place."""

    system: str = field(default_factory=platform.system)
    root: Path = Path("/")
    home: Path = field(default_factory=Path.home)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    run: Run = run
    find_program: Callable[[str], "str | None"] = find_program
