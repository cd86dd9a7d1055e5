"""docs/keys.md: its commands are run as they stand, and its codes are those that there are."""

import re
import shlex

from harness.interpreters import ROOT
from microhttps_host.embedding import FORMS
from tools.errors_page import codes_in_source

PAGE = (ROOT / "docs" / "keys.md").read_text()


def test_the_first_commands_work(home, certificates):
    home.does("ca", "issue", "lamp.local")
    for name, there in (("my.crt", "good.crt"), ("my.key", "good.key")):
        (home.folder / name).write_bytes((certificates / there).read_bytes())
    (home.folder / "lamp.id").write_text("e6614c311b7e2c30\n")  # as a Pico prints it
    commands = [line.split("#")[0] for line in PAGE.splitlines() if line.startswith("    microhttps embed")]
    assert len(commands) == 7
    for command in commands:
        done = home.run(*shlex.split(command)[1:], "--force")
        assert done.returncode == 0, done.stderr


def test_every_form_and_every_code_is_told():
    assert {form for form in FORMS if f"| `{form}` |" in PAGE} == set(FORMS)
    table = PAGE[PAGE.index("| code |"):PAGE.index("## Keys that others")]
    assert set(re.findall(r"^\| `(\w+)`", table, re.M)) <= set(codes_in_source())
