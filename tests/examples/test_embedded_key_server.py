"""examples/embedded_key_server.py: seed 001's server, with the module that `microhttps embed` writes."""

import os
import shutil
import subprocess
import sys

import pytest

from examples.conftest import EXAMPLES

SECRET = "240ac4000110"  # as machine.unique_id() of an ESP32


@pytest.fixture
def embed(made, here):
    """Runs `microhttps embed device`, as the example says."""

    def run(*more):
        environment = {**os.environ, "MICROHTTPS_HOME": str(made / "home")}
        done = subprocess.run([sys.executable, "-m", "microhttps_host", "embed", "device", *more], cwd=here,
                              env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        shutil.copy(EXAMPLES / "embedded_key_server.py", here / "application.py")
        for kind in ("crt", "key"):
            (here / f"device.{kind}").unlink()  # it needs no file

    return run


def test_it_serves_with_what_is_embedded(embed, serve_example, curl, here):
    embed()
    serve_example("application", path=(here,))
    assert curl("/") == (0, "<h1>My key came with my program</h1>")


def test_a_sealed_key_opens_with_the_secret_of_the_device(embed, serve_example, curl, here):
    (here / "device.id").write_text(SECRET)
    embed("--seal", "device.id")
    serve_example("application", path=(here,), arguments=[{"hex": SECRET}])
    assert curl("/")[0] == 0


@pytest.mark.parametrize(("secret", "code"), [("240ac4000111", "wrong_secret"), (None, "key_is_sealed")])
def test_a_sealed_key_opens_nowhere_else(secret, code, embed, run_example, here):
    (here / "device.id").write_text(SECRET)
    embed("--seal", "device.id")
    server = run_example("application", path=(here,), arguments=[{"hex": secret}] if secret else [])
    server.may_complain = True
    assert server.wait() != 0
    assert code.split("_")[-1] in server.complaints


def test_who_does_not_know_the_authority_is_not_served(embed, serve_example, curl, here, certificates):
    embed()
    serve_example("application", path=(here,))
    assert curl("/", trust=certificates / "stranger-ca.crt")[0] == 60
