"""The command line itself: help, version, and a missing extra."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time

import pytest
import typer

from microhttps.roots import MAGIC
from microhttps_host.commands.commands import commands

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


def shell(line, home, **environment):
    """A line of bash; `m` in it is the command."""
    line = line.replace("m ", f"{shlex.join(COMMAND)} ", 1)
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                          env={**os.environ, "MICROHTTPS_HOME": str(home), **environment})


@pytest.mark.parametrize("words", [
    ["check", "--bogus"], ["check", "--timeout", "soon", "localhost"], ["serve", "--port", "99999"], ["nonsense"],
    ["ca", "issue"], ["ca", "issue", "a.local", "--client", "--both"], ["push", "one", "two", "three"],
    ["roots", "show"], ["embed"],
])
def test_words_that_are_no_command_end_with_2_and_are_an_object_for_programs(words):
    told = run(*words, "--json")
    error = json.loads(told.stdout)
    assert (told.returncode, error["event"], error["code"]) == (2, "error", "bad_option")
    assert error["happened"] and error["next"]
    assert told.stderr == ""
    said = run(*words)
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr


def test_what_failed_ends_with_1(tmp_path):
    done = shell("m ca list --json", tmp_path)
    assert (done.returncode, json.loads(done.stdout)["code"]) == (1, "no_authority")


@pytest.mark.parametrize("command", ["check --hosts {hosts} --json", "check --hosts {hosts}", "roots list --json",
                                     "--help"])
def test_who_reads_no_further_is_not_told_of_it(tmp_path, command):
    hosts = tmp_path / "hosts.txt"
    hosts.write_text("localhost:1\n" * 40)
    done = shell(f"m {command.format(hosts=hosts)} | true", tmp_path)
    assert done.stderr == ""


@pytest.mark.parametrize("closing", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["ca passphrase", "check -", "ca show", "get https://localhost:1/", "--version"])
def test_closed_streams_are_empty_ones(tmp_path, closing, command):
    done = shell(f"m {command} {closing}", tmp_path)
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 1)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")
@pytest.mark.parametrize("command", ["roots list", "roots list --json", "--help", "ca list --json"])
def test_output_that_finds_no_room_is_said_in_a_line(tmp_path, command):
    done = shell(f"m {command} > /dev/full", tmp_path)
    assert done.returncode == 1
    assert done.stderr == "microhttps: what there is to say cannot be written: no space left on device\n"


def test_lines_of_a_pipe_that_are_no_utf_8_are_no_targets_and_hinder_none(tmp_path):
    done = shell(r"printf '\xff\xfe\nlocalhost:1\n' | m check - --json", tmp_path, LC_ALL="C.UTF-8")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(row["code"] for row in rows) == ["bad_url", "refused"]


@pytest.mark.parametrize("command", ["get", "check", "roots find"])
def test_a_url_that_is_no_utf_8_is_none(tmp_path, command):
    done = shell(f"m {command} $'https://\\xff.local/'", tmp_path)
    assert done.returncode == (2 if command == "check" else 1)
    assert "[bad_url]" in done.stderr and "Traceback" not in done.stderr


def test_what_a_terminal_cannot_show_is_written_otherwise(tmp_path):
    done = shell(f"m roots build --to {tmp_path}/lämp.bin --name isrg", tmp_path, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert r"l\xe4mp.bin" in done.stdout


def test_ctrl_c_says_nothing_even_while_the_command_is_being_loaded(tmp_path):
    for seconds in (0.05, 0.3, 0.6, 1.2):
        process = subprocess.Popen([*COMMAND, "check", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
        # Python itself may not have come so far as to have loaded us.
        assert process.returncode == 130 or "in main" not in said, said


@pytest.mark.parametrize("command", ["serve {long}", "serve {long}:app", "serve {shut}/app.py", "serve {folder}",
                                     "push --to to {long}", "push --to to {shut}/app.py", "push --to to {folder}"])
def test_an_application_that_cannot_be_looked_at_is_none(tmp_path, command):
    """Root, whom no permission stops, is in a namespace in which he is nobody in particular."""
    shut = tmp_path / "shut"
    shut.mkdir()
    shut.chmod(0)
    stripped = "unshare --user " if os.getuid() == 0 else ""
    command = command.format(long="a" * 300, shut=shut, folder=tmp_path)
    done = shell(f"cd {tmp_path}; {stripped}m {command}", tmp_path / "home")
    shut.chmod(0o700)
    assert done.returncode == 1 and "[no_such_application]" in done.stderr, done.stderr


@pytest.mark.parametrize("command", ["get https://localhost:1/", "check https://localhost:1/"])
def test_a_folder_of_state_that_is_shut_to_us_hinders_nobody_who_needs_none(tmp_path, command):
    tmp_path.chmod(0)
    stripped = "unshare --user " if os.getuid() == 0 else ""
    done = shell(f"{stripped}m {command}", tmp_path / "home")
    tmp_path.chmod(0o700)
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr


def examples():
    """Every line of every help that is a command, without what is said behind it."""
    waiting = [typer.main.get_command(commands)]
    while waiting:
        command = waiting.pop()
        waiting += getattr(command, "commands", {}).values()
        for line in (command.help or "").splitlines():
            found = re.match(r" *(?:[A-Z_]+=\S+ )?(microhttps .+?)(?:  +.*)?$", line)
            if found and not line.startswith("microhttps"):
                yield found[1]


@pytest.mark.parametrize("line", sorted(set(examples())))
def test_the_examples_of_the_help_are_commands(line):
    words = shlex.split(line)[1:]
    command = typer.main.get_command(commands)
    while hasattr(command, "commands"):
        command, words = command.commands[words[0]], words[1:]
    command.make_context(line, words)  # which raises for what it does not know


def test_there_are_examples_of_every_command():
    assert len(set(examples())) > 60


@pytest.mark.parametrize("link", [False, True])
def test_a_file_of_the_users_is_written_whole_or_stays_as_it_was(tmp_path, link):
    target = tmp_path / "roots.bin"
    target.write_text("before")
    target.chmod(0o640)
    named = tmp_path / "named.bin" if link else target
    if link:
        named.symlink_to(target)
    done = shell(f"ulimit -f 4; trap '' XFSZ; m roots build --to {named}", tmp_path / "home")
    assert done.returncode == 1 and "[cannot_write]" in done.stderr
    assert target.read_text() == "before"
    assert shell(f"m roots build --to {named} --name isrg", tmp_path / "home").returncode == 0
    assert target.read_bytes() != b"before" and target.stat().st_mode & 0o777 == 0o640
    assert named.is_symlink() is link
    assert {path.name for path in tmp_path.iterdir()} <= {"roots.bin", "named.bin", "home"}


def test_a_file_that_is_no_file_is_written_as_it_is(tmp_path):
    done = shell("m roots build --to /dev/stdout --name isrg | head -c 4", tmp_path)
    assert (done.stdout[:4], done.stderr) == (MAGIC[:4].decode(), "")
