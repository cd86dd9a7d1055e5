"""The command line itself: help, version, and a missing extra."""

import subprocess
import sys

import pytest

COMMAND = [sys.executable, "-m", "microhttps_host"]


def run(*arguments):
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("command", [
    [], ["serve"], ["get"], ["ca"], *(["ca", name] for name in (
        "init", "issue", "renew", "revoke", "passphrase", "list", "show", "export", "lint"))])
def test_help_is_examples_first(command):
    lines = [line.strip() for line in run(*command, "--help").stdout.splitlines() if line.strip()]
    assert lines[0].startswith("Usage: microhttps")
    assert lines[1] == "Examples:"
    assert lines[2].startswith("microhttps ")


def test_help_of_get_says_whom_it_believes():
    said = " ".join(run("get", "--help").stdout.split())
    assert "Believes the public roots, the authorities of this system and, for private names and addresses" in said
    assert "--danger-insecure" in said


def test_the_version_is_the_packages():
    assert run("--version").stdout == "microhttps 0.1.0\n"


def test_an_unknown_option_is_a_usage_error():
    done = run("serve", "--prot", "1")
    assert done.returncode == 2
    assert "--prot" in done.stderr


@pytest.mark.parametrize("package", ["typer", "rich", "cryptography", "platformdirs", "idna"])
def test_a_missing_extra_is_named_with_the_command_that_brings_it(package):
    program = f"import sys; sys.modules[{package!r}] = None; from microhttps_host.cli import main; sys.exit(main([]))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 1
    assert f"needs the package {package}" in done.stderr
    assert 'python3 -m pip install "microhttps[tools]"' in done.stderr
    assert "Traceback" not in done.stderr
