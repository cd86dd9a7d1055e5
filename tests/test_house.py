"""The house itself: ruff and mypy are content, and no page says what the code does not."""

import fnmatch
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# In two parts, so that this file does not name them itself.
HOSTS = ["pypi" + ".org", "pythonhosted" + ".org", "deb.debian" + ".org", "archive.ubuntu" + ".com"]


def run(*command):
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("tool", ["ruff check .", "mypy", "tools/defaults_page.py --check",
                                  "tools/errors_page.py --check", "tools/boards_page.py --check",
                                  "tools/status_page.py --check", "tools/memory_page.py --check",
                                  "tools/engines_page.py --check",
                                  "mypy.stubtest microhttps --concise --mypy-config-file pyproject.toml "
                                  "--ignore-unused-allowlist --allowlist tests/stubs/interpreters_only.txt"])
def test_the_tool_is_content(tool):
    name, *rest = tool.split()
    status, said = run(*(["-m", name] if "/" not in name else [name]), *rest)
    assert status == 0, said


def test_every_command_of_the_readme_is_in_the_makefile():
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        assert set(re.findall(r"(?:^    |`)make ([a-z]+)", page.read_text(), re.MULTILINE)) <= known


@pytest.mark.parametrize("name", ["device.key", "alice.key", "ca.crt", "lamp.key.der", "identity.py", "password.txt",
                                  "wifi.json"])
def test_what_the_examples_are_run_with_is_kept_out_of_the_repository(name):
    """They are run in a clone, and `git add .` comes easily."""
    patterns = (ROOT / ".gitignore").read_text().splitlines()
    assert [pattern for pattern in patterns if fnmatch.fnmatch(name, pattern.strip("/"))]


def test_every_link_in_the_pages_leads_somewhere():
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_no_registry_and_no_mirror_is_named():
    """Where packages come from is decided by the machine's own pip and apt, so that it works behind any proxy."""
    folders = ("src", "tests", "tools", "docs", "examples", "benchmarks", ".ci")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts]
    for path in [*files, *ROOT.glob("*.*"), ROOT / "Makefile"]:
        if path.is_file():
            text = path.read_text(errors="replace")
            assert not [host for host in HOSTS if host in text], path


def test_a_port_that_one_run_of_the_tests_has_taken_is_given_to_no_other(port):
    """Before anybody listens on it: between the two lies the start of a program."""
    other = "import sys; from harness import programs; print(programs._is_taken(int(sys.argv[1])))"
    for number, answer in ((port, "True"), (100_000 + os.getpid(), "False")):
        done = subprocess.run([sys.executable, "-c", other, str(number)], cwd=ROOT / "tests", capture_output=True,
                              text=True)
        assert done.stdout.strip() == answer, done.stderr
