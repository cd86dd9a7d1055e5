"""The store of roots: its form on both interpreters, damage of every kind, and the one that the package brings."""

import datetime
import os
import subprocess
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.interpreters import find_or_fail
from microhttps import Trust
from microhttps.credentials.roots_directory import directory_of
from microhttps.errors import UsageError
from microhttps.roots import HEADER, RootStore
from microhttps_host.root_store import SHIPPED, anchor_of, name_hash, public_certificates, store_of

READING = Path(__file__).with_name("reading.py")
WHOLE = SHIPPED.read_bytes()


@pytest.fixture
def read(programs):
    def run(interpreter, path):
        program = programs.run(find_or_fail(interpreter), READING, path, name="reading on " + interpreter)
        said = program.lines_until_end()
        assert program.wait() == 0, program.fail("failed")
        return said

    return run


def test_every_interpreter_reads_the_same_store(read):
    said = [read(name, SHIPPED) for name in ("cpython", "micropython", "micropython32")]
    assert said[0][0] == said[1][0] == said[2][0]
    assert int(said[0][0].split()[0]) > 100


@pytest.mark.micropython
def test_a_board_keeps_next_to_nothing_of_it(read):
    """Not a root, not the index: a few hundred bytes, however many roots there are (32-bit, bytes of heap)."""
    assert int(read("micropython32", SHIPPED)[1]) < 1024


def test_the_store_the_package_brings_is_small_and_of_this_time():
    store = RootStore(str(SHIPPED))
    assert len(WHOLE) <= 62 * 1024
    assert 1_790_000_000 < store.built < time.time()
    latest = max(root.not_after for root in store)
    assert latest > f"{datetime.datetime.now():%Y%m%d}"


def test_a_store_holds_what_it_was_made_of():
    certificates = public_certificates()
    store = RootStore(store_of(certificates, 7))
    assert (store.built, store.count) == (7, len(certificates))
    assert len({root.name_hash for root in store}) == len(certificates)
    for certificate in certificates:
        (root,) = store.find(certificate.subject.public_bytes())
        anchor = anchor_of(root)
        assert anchor.public_key() == certificate.public_key()
        assert anchor.subject.public_bytes() == certificate.subject.public_bytes()
        assert anchor.not_valid_after_utc == certificate.not_valid_after_utc


def test_openssl_calls_the_files_of_every_public_root_as_we_do(world):
    odd = x509.load_der_x509_certificate((world / "odd-name.crt.der").read_bytes())
    for name, pem in [(found.subject, found.public_bytes(Encoding.PEM)) for found in public_certificates()]:
        assert name_hash(name.public_bytes()).hex() == openssl_hash(pem, "-subject_hash")
    assert name_hash(odd.issuer.public_bytes()).hex() == openssl_hash(odd.public_bytes(Encoding.PEM), "-issuer_hash")


def openssl_hash(pem, which):
    done = subprocess.run(["openssl", "x509", "-noout", which], input=pem, capture_output=True, check=True)
    return done.stdout.decode().strip()


@settings(deadline=None)
@given(at=st.integers(0, len(WHOLE) - 1), change=st.integers(1, 255))
def test_a_changed_byte_is_seen_before_anything_is_believed(at, change):
    damaged = bytearray(WHOLE)
    damaged[at] ^= change
    with pytest.raises(UsageError) as caught:
        RootStore(bytes(damaged))
    assert caught.value.code == "bad_root_store"


@pytest.mark.parametrize("length", [0, 1, 7, HEADER - 1, HEADER, 500, len(WHOLE) - 1])
def test_a_short_store_is_refused(length):
    with pytest.raises(UsageError, match="not a whole store"):
        RootStore(WHOLE[:length])


@pytest.mark.parametrize(("content", "reason"), [
    (b"", "it was cut or changed"),
    (b"x" * 200, "it is no store of roots"),
    (WHOLE[:7] + b"\x02" + WHOLE[8:], "version 1 expected, got 2"),
    (WHOLE[:-1], "it was cut or changed"),
    (WHOLE + b"x", "it was cut or changed"),
])
@pytest.mark.parametrize("interpreter", ["cpython", "micropython"])
def test_a_store_that_is_none_is_told_apart(content, reason, interpreter, read, tmp_path):
    path = tmp_path / "store.bin"
    path.write_bytes(content)
    assert read(interpreter, path) == ["bad_root_store " + reason]


@pytest.mark.parametrize("interpreter", ["cpython", "micropython"])
def test_a_folder_is_no_store(interpreter, read, tmp_path):
    """MicroPython opens one, and fails when it reads."""
    assert read(interpreter, tmp_path) == ["bad_root_store None"]


def test_an_empty_store_is_not_taken_for_none():
    """Of a frozen module that went wrong: the package's own store would believe whom the application did not want."""
    for empty in (b"", ""):
        with pytest.raises(UsageError, match="not a whole store"):
            Trust.public(empty).store()


def test_a_store_that_is_not_there_is_named():
    with pytest.raises(UsageError, match=r"bad_root_store|/nowhere/roots\.bin"):
        Trust.public("/nowhere/roots.bin").client_context()


def test_a_certificate_that_may_not_sign_is_no_root(certificates):
    with pytest.raises(UsageError) as caught:
        store_of([x509.load_pem_x509_certificate((certificates / "good.crt").read_bytes())], 0)
    assert caught.value.code == "not_an_authority"


def test_the_directory_for_openssl_is_made_once_and_is_ours_alone(world, tmp_path, monkeypatch):
    monkeypatch.setenv("MICROHTTPS_HOME", str(tmp_path / "home"))
    store = RootStore(str(world / "store.bin"))
    path = Path(directory_of(store))
    assert path.stat().st_mode & 0o777 == 0o700
    assert len(list(path.iterdir())) == store.count
    made = path.stat().st_ctime_ns
    assert Path(directory_of(store)).stat().st_ctime_ns == made
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_a_directory_that_others_may_write_is_not_believed(world, tmp_path, monkeypatch):
    """Whoever can put a file there decides whom we believe."""
    monkeypatch.setenv("MICROHTTPS_HOME", str(tmp_path))
    store = RootStore(str(world / "store.bin"))
    os.chmod(directory_of(store), 0o777)
    with pytest.raises(UsageError) as caught:
        directory_of(store)
    assert caught.value.code == "cannot_unpack_roots"


def test_a_home_that_cannot_be_written_is_a_clear_error(world, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MICROHTTPS_HOME", str(tmp_path / "file"))
    with pytest.raises(UsageError, match="MICROHTTPS_HOME"):
        directory_of(RootStore(str(world / "store.bin")))
