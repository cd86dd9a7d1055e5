"""What the tests of keys share: a home of their own, and the command line on it."""

import pytest

from harness.command_line import CommandLine, work_in


class Home(CommandLine):
    """A folder of state, and one to work in, where commands run."""

    def __init__(self, state, folder):
        super().__init__()
        self.state = state
        self.folder = folder


@pytest.fixture
def home(tmp_path, monkeypatch):
    """With an authority, and a certificate for localhost."""
    folder = tmp_path / "work"
    folder.mkdir()
    work_in(folder, tmp_path / "home", monkeypatch)
    home = Home(tmp_path / "home", folder)
    home.does("ca", "init")
    home.does("ca", "issue", "localhost", "127.0.0.1")
    return home
