"""The tool that brings MicroPythons: what it says when it cannot, and that it is quick and quiet when it need not."""

import stat
import subprocess
from pathlib import Path

import pytest

from tools import micropython as tool

# What apt prints for each of its sources: site, release, origin, label.
BOOKWORM = "http://mirror.example/debian bookworm Debian Debian"
UPDATES = "http://mirror.example/debian bookworm-updates Debian Debian"
SECURITY = "http://mirror.example/debian-security bookworm-security Debian Debian-Security"
SECURITY_ELSEWHERE = "http://security.example/ stable-security Debian Debian-Security"
THIRD = "http://packages.example/apt stable Somebody Somebody's software"
NOT_UPDATED = "http://mirror.example/debian bookworm $(ORIGIN) $(LABEL)"
SECURITY_NOT_UPDATED = "http://mirror.example/debian-security bookworm-security $(ORIGIN) $(LABEL)"
CLOUD = "mirror+file:/etc/apt/mirrors/debian.list bookworm Debian Debian"
JAMMY = "http://mirror.example/ubuntu jammy Ubuntu Ubuntu"
RASPBERRY = "http://raspberry.example/debian bookworm Raspberry Pi Foundation"


@pytest.mark.parametrize(
    ("listed", "is_debian", "chosen"),
    [
        ([BOOKWORM, UPDATES, SECURITY], True, ["http://mirror.example/debian"]),
        ([SECURITY, BOOKWORM], True, ["http://mirror.example/debian"]),
        ([SECURITY_ELSEWHERE, CLOUD], True, ["mirror+file:/etc/apt/mirrors/debian.list"]),
        ([THIRD, BOOKWORM], True, ["http://mirror.example/debian"]),
        ([RASPBERRY, BOOKWORM], True, ["http://mirror.example/debian"]),
        ([SECURITY_NOT_UPDATED, NOT_UPDATED], True, ["http://mirror.example/debian"]),
        ([JAMMY], False, []),
        ([JAMMY.replace("Ubuntu Ubuntu", "$(ORIGIN) $(LABEL)")], False, []),
        ([], True, []),
    ],
)
def test_the_mirror_is_debians_and_neither_security_nor_a_third_partys(listed, is_debian, chosen):
    assert tool.choose_mirrors("\n".join(listed), is_debian) == chosen


def test_a_machine_without_apt_is_told_what_to_do_by_hand(tmp_path, capsys):
    status = tool.main({"PATH": str(tmp_path)}, tmp_path / ".micropython")
    said = capsys.readouterr().out
    assert status == 1
    assert "there is no apt-get on this machine to bring the 64-bit one with" in said
    assert "MICROPYTHON=none" in said


def test_a_machine_without_network_says_what_each_mirror_answered(tmp_path, capsys):
    """With an apt that knows its sources and reaches none, as apt itself says it."""
    apt = f"""
        case "$*" in
        indextargets*) echo "{BOOKWORM}" ;;
        *update*) echo "W: Failed to fetch http://mirror.example/debian/  Could not connect" >&2 ;;
        *download*) echo "E: Unable to locate package micropython" >&2; exit 100 ;;
        esac"""
    path = fake(tmp_path / "bin", "apt-get", apt)
    fake(tmp_path / "bin", "dpkg", "echo amd64")
    folder = tmp_path / ".micropython"
    assert tool.main({"PATH": path + ":/bin:/usr/bin"}, folder) == 1
    said = capsys.readouterr().out
    assert "apt could not download it (amd64)" in said
    # Without Debian's keys (on Ubuntu) it does not come as far as a mirror.
    has_keys = (Path("/") / tool.KEYRING).exists()
    reason = "http://mirror.example/debian: W: Failed to fetch" if has_keys else "debootstrap"
    assert reason in said
    assert not any(folder.iterdir()), "a download that failed leaves nothing behind"


def test_without_one_is_loud_and_brings_nothing(tmp_path, capsys):
    assert tool.main({"MICROPYTHON": "none", "PATH": ""}, tmp_path / ".micropython") == 0
    assert "!!! MICROPYTHON=none" in capsys.readouterr().out
    assert not (tmp_path / ".micropython").exists()


def fake(folder, name, text):
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text("#!/bin/sh\n" + text + "\n")
    program.chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(
    "program",
    [
        'echo "ImportError: no module named tls" >&2; exit 1',
        "echo 64 1.22.1",
        "echo 32 1.25.0",
        "echo something else entirely",
        "exit 0",
    ],
    ids=["no tls", "too old", "32-bit", "no MicroPython", "silent"],
)
def test_one_on_the_path_that_will_not_do_is_not_used(tmp_path, capsys, program):
    path = fake(tmp_path / "bin", "micropython", program)
    assert tool.main({"PATH": path}, tmp_path / ".micropython") == 1
    assert "older than 1.23, not of 64 bits or has no `tls`" in capsys.readouterr().out


@pytest.mark.micropython
def test_one_on_the_path_that_will_do_is_used(tmp_path, capsys, micropython):
    path = fake(tmp_path / "bin", "micropython", f'exec "{micropython[0]}" "$@"')
    # There is no apt on this PATH, so the 32-bit one cannot be brought: only the first half succeeds.
    tool.main({"PATH": path}, tmp_path / ".micropython")
    used = tmp_path / ".micropython" / "bin" / "micropython"
    assert path in used.read_text()
    assert stat.S_IMODE(used.stat().st_mode) == 0o755
    assert "64-bit" in capsys.readouterr().out


@pytest.mark.micropython
def test_what_is_there_is_not_brought_again(capsys, micropython, micropython32):
    assert tool.main({"PATH": ""}) == 0
    assert "bringing" not in capsys.readouterr().out


@pytest.mark.micropython
def test_both_have_the_sizes_they_are_for(micropython, micropython32):
    for command, bits in ((micropython, "64"), (micropython32, "32")):
        done = subprocess.run([*command, "-c", tool.QUESTION], capture_output=True, text=True)
        assert done.stdout.split()[0] == bits
