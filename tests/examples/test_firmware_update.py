"""examples/firmware_update.py, with curl for who sends, and sockets for who does not send all."""

import base64
import hashlib
import json
import os
import socket
import ssl

import pytest

from examples.conftest import press_ctrl_c
from harness.programs import until

PASSWORD = "a password of this test"
LEAVINGS = ("firmware.part", "firmware.new")
LENGTH = 1_100_001


@pytest.fixture
def served(serve_example, here):
    (here / "password.txt").write_text(PASSWORD)
    (here / "firmware.part").write_text("of an upload that a power cut ended")
    return serve_example("firmware_update")


@pytest.fixture
def new(here):
    """Beyond 1 MB, from where on curl sends nothing before it is told to go on, so that a refusal is read always."""
    path = here / "new.bin"
    path.write_bytes(os.urandom(LENGTH))
    return path


@pytest.fixture
def send(curl):
    """Sends a file as the docstring says: (status, answer)."""

    def upload(path, sha256, *more, password=PASSWORD):
        _, text = curl(f"/firmware?sha256={sha256}", "-u", f"admin:{password}", "--upload-file", path, *more,
                       "--write-out", "\n%{http_code}")
        body, _, status = text.rpartition("\n")
        return int(status), body

    return upload


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_untouched(here):
    """Nothing of an upload is left, and nothing was activated."""
    return not [name for name in (*LEAVINGS, "firmware.bin") if (here / name).exists()]


def test_curl_sends_firmware_which_is_checked_and_activated(served, send, new, here):
    status, text = send(new, digest(new))
    assert (status, json.loads(text)) == (200, {"length": LENGTH, "sha256": digest(new)})
    assert served.line_that("activated") == "activated"
    assert (here / "firmware.bin").read_bytes() == new.read_bytes()
    assert not [name for name in LEAVINGS if (here / name).exists()]
    new.write_bytes(b"the next one")
    assert send(new, digest(new).upper(), "--header", "Transfer-Encoding: chunked")[0] == 200
    assert served.line_that("activated") == "activated"
    assert (here / "firmware.bin").read_bytes() == b"the next one"
    assert press_ctrl_c(served) == []


def test_what_is_not_what_was_announced_is_not_taken(served, send, new, here):
    status, text = send(new, "0" * 64)
    assert (status, json.loads(text)["sha256"]) == (422, digest(new))
    assert is_untouched(here)


def test_what_was_not_announced_or_is_too_large_is_refused_before_it_is_read(served, send, new, here):
    assert send(new, "")[0] == 400
    with new.open("r+b") as file:
        file.truncate(4 * 1024 * 1024 + 1)
    assert send(new, digest(new))[0] == 413
    assert send(new, digest(new), "--header", "Transfer-Encoding: chunked")[0] == 413
    assert is_untouched(here)


def test_who_has_no_password_sends_nothing(served, send, new, curl, here):
    assert send(new, digest(new), password="another")[0] == 401
    assert curl("/", "--output", "/dev/null", "--write-out", "%{http_code}") == (0, "401")
    assert is_untouched(here)


@pytest.fixture
def begin(here, port):
    """Begins an upload of ten bytes and sends five."""
    context = ssl.create_default_context(cafile=str(here / "ca.crt"))
    pair = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
    begun = []

    def upload():
        raw = socket.create_connection(("127.0.0.1", port), timeout=20)
        secure = context.wrap_socket(raw, server_hostname="localhost")
        begun.append(secure)
        secure.sendall((f"PUT /firmware?sha256={'0' * 64} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
                        f"Authorization: Basic {pair}\r\n\r\nfirst").encode())
        until(lambda: (here / "firmware.part").exists())
        return secure

    yield upload
    for secure in begun:
        secure.close()


def test_half_an_upload_leaves_nothing_behind_and_the_next_is_taken(served, begin, send, new, here):
    begin().close()
    until(lambda: not (here / "firmware.part").exists())
    assert is_untouched(here)
    assert send(new, digest(new))[0] == 200
    served.line_that("activated")


def test_two_do_not_write_the_same_file(served, begin, send, new, here):
    first = begin()
    assert send(new, digest(new))[0] == 409
    assert (here / "firmware.part").exists()
    first.sendall(b" last")
    assert first.recv(100).startswith(b"HTTP/1.1 422 ")


def test_a_flash_that_is_full_is_told_and_leaves_nothing(serve_example, send, new, here):
    """A folder of its name is as bad as no room: the file cannot be written."""
    (here / "password.txt").write_text(PASSWORD)
    serve_example("firmware_update", COMING="no/such/folder/firmware.part")
    status, text = send(new, digest(new))
    assert status == 507 and "cannot be written" in json.loads(text)["error"]
    assert is_untouched(here)
