"""A client's key with a password: opened on a computer, and told apart from a broken one; Unsupported on a board."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

EXPECTED = {"cpython": ["opened", "UsageError wrong_password", "UsageError wrong_password"],
            "micropython": ["Unsupported unsupported password"] * 3}


@pytest.mark.parametrize("form", ["PKCS8", "TraditionalOpenSSL"])
def test_a_wrong_password_is_named_whatever_form_the_key_has(form, interpreter, programs, certificates, tmp_path):
    key = serialization.load_pem_private_key((certificates / "client.key").read_bytes(), None)
    locked = tmp_path / "locked.key"
    locked.write_bytes(key.private_bytes(serialization.Encoding.PEM, getattr(serialization.PrivateFormat, form),
                                         serialization.BestAvailableEncryption(b"secret")))
    asked = Path(__file__).with_name("locked.py"), certificates, locked, "secret", "another", ""
    program = programs.run(interpreter, *asked)
    assert [line.strip() for line in program.lines_until_end()] == EXPECTED[interpreter.name]
    assert program.wait() == 0
