"""An authority in a vault of the test's own, the command `microhttps ca`, and machines that note what they are told."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from microhttps_host.authority.authority import Plan, make_authority
from microhttps_host.authority.vault import Vault
from microhttps_host.system_trust.anchor import Anchor
from microhttps_host.system_trust.place import Done, Place

COMMAND = [sys.executable, "-m", "microhttps_host", "ca"]


class Noted:
    """A machine that is none: files below a folder of the test's, programs that only are noted.

    `answers` says how a command ends, by the words it begins with behind its program.
    """

    def __init__(self, root, system, programs):
        self.commands = []
        self.answers = {}
        self.programs = programs
        self.root = root
        self.place = Place(system=system, root=root, home=root / "home", environment={}, run=self.run,
                           find_program=lambda name: name if name in self.programs else None)

    def run(self, command, told):
        self.commands.append(" ".join(command) + (" < " + told.strip() if told else ""))
        for beginning, answer in self.answers.items():
            if " ".join(command).startswith(beginning):
                return answer(command) if callable(answer) else answer
        return Done(0, "")


@pytest.fixture
def noted(tmp_path):
    def make(system, *programs):
        return Noted(tmp_path / "machine", system, programs)

    return make


@pytest.fixture
def vault(tmp_path):
    """A vault with an authority in it."""
    vault = Vault(tmp_path / "state")
    with vault.locked():
        make_authority(vault, Plan())
    return vault


@pytest.fixture
def anchor(vault):
    from microhttps_host.authority.authority import open_authority

    return Anchor(vault.path("ca.crt"), open_authority(vault).certificate)


@pytest.fixture
def home(tmp_path):
    """A home folder with nothing in it."""
    folder = tmp_path / "user"
    folder.mkdir()
    return folder


@pytest.fixture
def ca(vault, home):
    """Runs `microhttps ca ... --json`; gives the status and what it says."""

    def run(*arguments):
        environment = {**os.environ, "MICROHTTPS_HOME": str(vault.folder), "HOME": str(home)}
        done = subprocess.run([*COMMAND, *arguments, "--json"], env=environment, capture_output=True, text=True,
                              timeout=100)
        assert "Traceback" not in done.stderr and done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    return run


@pytest.fixture
def states(ca):
    """The same, the state of each store by whose it is."""

    def run(*arguments):
        status, told = ca(*arguments)
        return status, {store["of"]: store["state"] for store in told["stores"]}

    return run


@pytest.fixture
def source():
    return Path(__file__).resolve().parents[2] / "src"
