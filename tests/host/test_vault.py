"""Files that must survive: whole or not at all, secret from the first byte, one process at a time."""

import os
import stat
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from microhttps.errors import UsageError
from microhttps_host.authority.vault import PUBLIC, SECRET, Vault, find_home


def mode_of(path):
    return stat.S_IMODE(os.lstat(path).st_mode)


@pytest.fixture
def vault(tmp_path):
    return Vault(tmp_path / "home")


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_permissions_are_what_they_should_be_whatever_the_umask(vault, umask):
    before = os.umask(umask)
    try:
        with vault.locked():
            vault.write("key", b"secret", SECRET)
            vault.write("certificate", b"public", PUBLIC)
    finally:
        os.umask(before)
    modes = [mode_of(vault.folder), mode_of(vault.path("key")), mode_of(vault.path("certificate"))]
    assert modes == [0o700, 0o600, 0o644]


def test_a_secret_is_never_readable_by_others_even_while_it_is_written(vault):
    """Watched from another thread with the loosest umask: every file that ever appears in the folder is 0600."""
    seen, is_done = set(), threading.Event()

    def watch():
        while not is_done.is_set():
            for entry in os.scandir(vault.folder):
                try:
                    seen.add(mode_of(entry.path))
                except FileNotFoundError:
                    continue

    before = os.umask(0)
    try:
        with vault.locked():
            watching = threading.Thread(target=watch)
            watching.start()
            for number in range(100):
                vault.write("key", b"secret" * number, SECRET)
            is_done.set()
            watching.join()
    finally:
        os.umask(before)
    assert seen == {0o600}


def test_what_was_written_is_found_and_what_was_not_is_none(vault):
    with vault.locked():
        vault.write("file", b"\x00content", SECRET)
    assert vault.find("file") == b"\x00content"
    assert vault.find("other") is None


def test_an_empty_folder_given_to_us_is_closed_to_others(tmp_path):
    tmp_path.chmod(0o755)
    with Vault(tmp_path).locked():
        pass
    assert mode_of(tmp_path) == 0o700


def test_a_folder_that_others_may_write_into_is_refused(tmp_path):
    """Who may write there could put an authority of his own in the place of ours."""
    (tmp_path / "something").touch()
    tmp_path.chmod(0o777)
    with pytest.raises(UsageError, match="others may write"), Vault(tmp_path).locked():
        pass


def test_a_link_in_the_place_of_a_file_is_replaced_and_not_followed(vault, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"precious")
    with vault.locked():
        vault.path("key").symlink_to(elsewhere)
        vault.write("key", b"secret", SECRET)
    assert elsewhere.read_bytes() == b"precious"
    assert not vault.path("key").is_symlink()


def test_a_link_is_not_read(vault, tmp_path):
    (tmp_path / "elsewhere").write_bytes(b"theirs")
    with vault.locked():
        vault.path("key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="links are not followed"):
        vault.find("key")


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UsageError) as caught, Vault(tmp_path / "file" / "home").locked():
        pass
    assert caught.value.code == "state_unusable"
    assert "MICROHTTPS_HOME" in str(caught.value)


def test_a_full_disk_leaves_the_old_file_and_nothing_else(vault, tmp_path):
    """A limit on the size of files is the portable way to a write that fails half way."""
    with vault.locked():
        vault.write("key", b"old", SECRET)
    program = f"""
        import pathlib, resource, signal
        from microhttps_host.authority.vault import SECRET, Vault
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        vault = Vault(pathlib.Path({str(vault.folder)!r}))
        with vault.locked():
            vault.write("key", bytes(100000), SECRET)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True)
    assert "file too large" in done.stderr
    assert vault.find("key") == b"old"
    assert sorted(os.listdir(vault.folder)) == [".lock", "key"]


def test_what_a_killed_process_began_is_swept_away(vault):
    with vault.locked():
        vault.path(".key.99999.new").write_bytes(b"half")
    with vault.locked():
        assert not vault.path(".key.99999.new").exists()


def test_a_process_that_is_killed_at_any_moment_leaves_a_whole_file(vault):
    program = f"""
        import pathlib
        from microhttps_host.authority.vault import SECRET, Vault
        vault = Vault(pathlib.Path({str(vault.folder)!r}))
        with vault.locked():
            print("begun", flush=True)
            while True:
                for letter in (b"a", b"b"):
                    vault.write("file", letter * 20000, SECRET)
    """
    for delay in (0.0, 0.013, 0.031, 0.052):
        process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(0.05 + delay)
        process.kill()
        process.wait()
        process.stdout.close()
        assert vault.find("file") in (b"a" * 20000, b"b" * 20000)


def test_processes_take_turns(vault):
    """Each adds one to a number it has read: none is lost."""
    program = f"""
        import pathlib
        from microhttps_host.authority.vault import SECRET, Vault
        vault = Vault(pathlib.Path({str(vault.folder)!r}))
        for _ in range(25):
            with vault.locked():
                vault.write("count", str(int(vault.find("count") or 0) + 1).encode(), SECRET)
    """
    both = [subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)]) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert vault.find("count") == b"50"


def test_the_folder_is_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("MICROHTTPS_HOME", str(tmp_path))
    assert find_home() == tmp_path
    monkeypatch.delenv("MICROHTTPS_HOME")
    assert find_home().name == "microhttps"
