"""NSS's stores in a home folder of the test's own, read with its own certutil."""

import subprocess

import pytest

from harness.programs import until  # noqa: F401


@pytest.fixture
def certutil(tool):
    def run(folder, *arguments):
        done = subprocess.run([tool("certutil"), "-d", f"sql:{folder}", *map(str, arguments)], capture_output=True,
                              text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def firefox(home, certutil):
    """Two profiles of Firefox, one of them in a snap."""
    folders = [home / ".mozilla/firefox/abc.default-release",
               home / "snap/firefox/common/.mozilla/firefox/xyz.default"]
    for folder in folders:
        folder.mkdir(parents=True)
        certutil(folder, "-N", "--empty-password")
    return folders


def test_every_profile_and_chromium_get_it_and_give_it_back(home, firefox, states, certutil, anchor):
    assert states("trust", "--only", "nss") == (
        0, {"Firefox": "trusted", "Firefox (snap)": "trusted", "Chromium, Chrome": "trusted"})
    for folder in [*firefox, home / ".pki/nssdb"]:
        # For servers and for nothing else; and NSS itself says it is an authority to believe for them.
        assert [line.split()[-1] for line in certutil(folder, "-L").splitlines() if anchor.name in line] == ["C,,"]
        assert "certificate is valid" in certutil(folder, "-V", "-n", anchor.name, "-u", "L")
    assert (home / ".pki/nssdb").stat().st_mode & 0o077 == 0
    assert set(states("untrust", "--only", "nss")[1].values()) == {"no longer trusted"}
    assert states("untrust", "--only", "nss")[0] == 0
    for folder in [*firefox, home / ".pki/nssdb"]:
        assert "microhttps" not in certutil(folder, "-L")


def test_what_somebody_else_put_there_stays(firefox, states, certutil, anchor):
    certutil(firefox[0], "-A", "-n", "by hand", "-t", "C,,", "-i", anchor.file)
    assert states("trust", "--only", "nss")[1]["Firefox"] == "trusted already"
    status, seen = states("untrust", "--only", "nss")
    assert (status, seen["Firefox"]) == (0, "put there by somebody else")
    assert "by hand" in certutil(firefox[0], "-L")


def test_an_authority_that_was_replaced_is_taken_back_too(firefox, ca, certutil):
    ca("trust", "--only", "nss")
    ca("init", "--replace")
    ca("trust", "--only", "nss")
    assert certutil(firefox[0], "-L").count("microhttps-") == 2
    status, told = ca("untrust", "--only", "nss")
    assert status == 0
    assert sorted(store["state"] for store in told["stores"] if store["of"] == "Firefox") == ["no longer trusted"] * 2
    assert "microhttps-" not in certutil(firefox[0], "-L")


def test_a_store_that_is_damaged_is_told_and_the_others_get_it(firefox, ca):
    (firefox[0] / "cert9.db").write_bytes(b"this is no database" * 100)
    status, told = ca("trust", "--only", "nss")
    seen = {store["of"]: store for store in told["stores"]}
    assert (status, seen["Firefox"]["state"], seen["Firefox (snap)"]["state"]) == (1, "failed", "trusted")
    assert seen["Firefox"]["why"].startswith("certutil: ")


def test_notes_that_are_damaged_are_a_sentence(vault, ca):
    vault.path("trusted.json").write_text("{")
    status, told = ca("untrust")
    assert (status, told["code"]) == (1, "notes_damaged")


def test_no_authority_is_a_sentence(vault, ca):
    for name in ("ca.crt", "ca.key"):
        vault.path(name).unlink()
    for command in ("trust", "untrust"):
        status, told = ca(command, "--only", "nss")
        assert (status, told["code"]) == (1, "no_authority") or told["stores"] == []


def test_a_kind_of_store_that_there_is_not_is_a_sentence(ca):
    status, told = ca("trust", "--only", "java")
    assert (status, told["code"]) == (2, "bad_option")
