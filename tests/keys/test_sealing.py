"""Sealed keys, by themselves: on every interpreter, and against an independent reading of the format."""

import hashlib
import hmac
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from harness.interpreters import find_or_fail
from microhttps.port.cpython.ciphers import encrypt_blocks

CHECKS = Path(__file__).with_name("checks.py")
INTERPRETERS = ["cpython", "micropython", "micropython32"]
SECRET = b"device"


def turned(head, data):
    """The format as docs/keys.md has it, by other people's code."""
    master = hashlib.pbkdf2_hmac("sha256", SECRET, head[20:36], int.from_bytes(head[16:20], "big"))
    encryption = hmac.digest(master, b"encrypt", "sha256")
    cipher = Cipher(algorithms.AES(encryption), modes.CTR(bytes(16))).encryptor()
    return cipher.update(data), hmac.digest(master, b"authenticate", "sha256")


def sealed_by_others(key):
    head = b"microhttps-seal1" + (9).to_bytes(4, "big") + os.urandom(16)
    encrypted, signing = turned(head, key)
    signed = head + encrypted
    whole = signed + hmac.digest(signing, signed, "sha256")
    return whole + hashlib.sha256(whole).digest()[:4]


@pytest.mark.parametrize("name", INTERPRETERS)
def test_sealing_holds_on_every_interpreter(name, programs):
    program = programs.run(find_or_fail(name), CHECKS)
    assert program.lines_until_end() == ["good"], program.complaints
    assert program.wait() == 0


@pytest.mark.parametrize("name", INTERPRETERS)
def test_what_others_seal_opens_and_what_we_seal_opens_for_others(name, programs, tmp_path):
    key, sealed, opened = tmp_path / "key", tmp_path / "sealed", tmp_path / "opened"
    key.write_bytes(os.urandom(1217))
    run(programs, name, "seal", key, sealed)
    content = sealed.read_bytes()
    assert turned(content[:36], content[36:-36])[0] == key.read_bytes()
    sealed.write_bytes(sealed_by_others(key.read_bytes()))
    run(programs, name, "open", sealed, opened)
    assert opened.read_bytes() == key.read_bytes()


def run(programs, name, *arguments):
    program = programs.run(find_or_fail(name), CHECKS, *arguments)
    assert program.lines_until_end() == []
    assert program.wait() == 0


@pytest.mark.parametrize("length", [16, 24, 32])
def test_our_few_lines_of_aes_are_aes(length):
    for _ in range(20):
        key, data = os.urandom(length), os.urandom(16 * 5)
        expected = Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(data)
        assert encrypt_blocks(key, data) == expected


@pytest.mark.micropython
def test_a_firmware_without_aes_says_so(programs, tmp_path):
    """Modules of a firmware may be replaced by files: so this one is made to lack it."""
    (tmp_path / "cryptolib.py").write_text("raise ImportError('no module named cryptolib')\n")
    program_file = tmp_path / "unsupported.py"
    program_file.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        "from microhttps import Unsupported\n"
        "from microhttps.sealing import seal\n"
        "try:\n"
        "    seal(b'key', b'device')\n"
        "except Unsupported as error:\n"
        "    print(error.code, error.facts['setting'], error.facts['reason'])\n"
    )
    program = programs.run(find_or_fail("micropython"), program_file)
    assert program.lines_until_end() == ["unsupported sealed no AES in this firmware"]
