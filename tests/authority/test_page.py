"""docs/certificates.md: its commands are run as they stand, and what it says of files and names is what there is."""

import re
import shlex
import subprocess

from harness.interpreters import ROOT
from microhttps_host.authority.constraints import PRIVATE_NAMES, PRIVATE_NETWORKS
from microhttps_host.authority.key_kinds import KINDS

PAGE = (ROOT / "docs" / "certificates.md").read_text()


def test_the_first_commands_work_in_their_order(home, tool):
    """All but `serve`, which has tests of its own."""
    block = PAGE[:PAGE.index("Every command ends")]
    commands = [line.split("#")[0] for line in block.splitlines() if line.startswith("    microhttps ca")]
    assert len(commands) == 7
    subprocess.run([tool("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=any", "-keyout",
                    "any.key", "-out", "any.crt"], check=True, capture_output=True, timeout=60)
    for command in commands:
        done = home.run(*shlex.split(command)[2:])
        assert done.returncode == (1 if "lint" in command else 0), done.stderr


def test_every_command_of_the_table_works(home, tmp_path):
    table = PAGE[PAGE.index("## Certificates\n"):PAGE.index("The key of an issued")]
    commands = re.findall(r"`ca ([^`]+)`", table)
    home.ca("init")
    for command in commands:
        assert home.run(*shlex.split(command)).returncode == 0, command
    assert {kind for kind in KINDS if f"--key {kind}" in table} == set(KINDS) - {"p256"}




def test_it_names_all_that_is_private():
    told = PAGE[PAGE.index("## What the authority may vouch for"):PAGE.index("what you name")]
    assert all(f"`.{name}`" in told or f"`{name}`" in told for name in PRIVATE_NAMES)
    assert all(f"`{network.removesuffix('/128')}`" in told for network in PRIVATE_NETWORKS)


def test_its_table_of_files_is_whole(home):
    from microhttps_host.authority.machine import server_identity

    server_identity(home.vault, ["localhost"])
    home.ca("issue", "lamp.local")
    told = PAGE[PAGE.index("## Where it is"):PAGE.index("Without `MICROHTTPS_HOME`")]
    for path in home.folder.iterdir():
        assert path.name == ".lock" or f"`{path.name}`" in told or f"`{path.name}/LABEL.crt`" in told, path.name


def test_what_lint_says_there_is_what_it_says(home, tool):
    shown = PAGE[PAGE.index("$ microhttps ca lint"):PAGE.index("judges certificates of any origin")]
    subprocess.run([tool("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj",
                    "/CN=lamp.local", "-keyout", "lamp.key", "-out", "lamp.crt"], check=True, capture_output=True,
                   timeout=60)
    said = home.run("lint", "lamp.crt").stdout
    assert [line.split() for line in said.splitlines() if line.strip()] == [
        line.split() for line in shown.splitlines()[1:] if line.strip()]  # fmt: skip
