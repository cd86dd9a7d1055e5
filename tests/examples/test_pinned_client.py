"""examples/pinned_client.py: seed 001's Basic_Ssl, with an nginx whose certificate nobody has signed but itself."""

import re
import subprocess

import pytest

from examples.conftest import EXAMPLES
from harness.nginx import start_nginx

PIN_COMMAND = re.search(r"^    (openssl x509 .*)$", (EXAMPLES / "pinned_client.py").read_text(), re.MULTILINE).group(1)


@pytest.fixture
def pin(here, certificates):
    """The pin of a certificate, as the example makes it."""

    def of(name):
        (here / "device.crt").write_bytes((certificates / f"{name}.crt").read_bytes())
        return "sha256//" + subprocess.check_output(["sh", "-ec", PIN_COMMAND], cwd=here, text=True).strip()

    return of


@pytest.fixture
def ask(said, programs, here, certificates, port):
    pair = certificates / "self-signed.crt", certificates / "self-signed.key"
    start_nginx(programs, here, port, pair, more='location / { return 200 "21.5"; }')
    return lambda *pins: said("pinned_client", URL=f"https://localhost:{port}/", PINS=pins)


def test_the_pinned_key_is_believed_whoever_has_signed_it(ask, pin):
    assert ask(pin("self-signed")) == ["200 21.5"]
    assert ask(pin("good"), pin("self-signed")) == ["200 21.5"]


def test_another_key_is_not_whoever_has_signed_it(ask, pin):
    lines = ask(pin("good"))
    assert lines[0] == "failed: wrong_pin" and len(lines) == 4
    assert pin("self-signed") in lines[1]
