"""The store of this very machine, where it is Debian's or Ubuntu's: curl believes us, and then no longer.

It is changed for real, as `microhttps ca trust` changes it, and is as it was afterwards.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from microhttps_host.authority.authority import nobody
from microhttps_host.authority.identities import issue

CERTIFICATES = Path("/etc/ssl/certs")
LOCAL = Path("/usr/local/share/ca-certificates")
NOBODY = 65534
# All is loaded before, by doing it once: root's Python may be where nobody else can read.
AS_NOBODY = f"""
import os, sys
from microhttps_host import cli
cli.main([*sys.argv[1:], "--check"])
if os.geteuid() == 0:
    os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})
sys.exit(cli.main(sys.argv[1:]))
"""
SERVE = """
from microhttps import Identity, Server
server = Server(Identity({certificate!r}, {key!r}), host="127.0.0.1", port={port})

@server.get("/")
def hello(request):
    return "hello"

server.run()
"""


def is_root():
    return os.geteuid() == 0


def files():
    """What is in the folders of the store, Java's own file aside, which has dates in it."""
    return {path: path.readlink() if path.is_symlink() else path.read_bytes()
            for folder in (CERTIFICATES, LOCAL) for path in folder.iterdir() if not path.is_dir()}


@pytest.fixture
def curl(vault, programs, port, tmp_path):
    """The status of a curl that knows nothing but the system's store, at a server with a certificate of ours."""
    issue(vault, ["localhost"], "server", "p256", None, nobody)
    script = tmp_path / "serve.py"
    pair = (str(vault.path("issued") / name) for name in ("localhost.crt", "localhost.key"))
    script.write_text(SERVE.format(certificate=next(pair), key=next(pair), port=port))
    programs.start([sys.executable, str(script)], name="server")

    def run():
        done = subprocess.run(["curl", "-sS", "--retry", "20", "--retry-connrefused", "--retry-delay", "1",
                               f"https://localhost:{port}/"], capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout

    return run


def test_curl_believes_us_after_trust_and_no_longer_after_untrust(curl, states, tool):
    tool("update-ca-certificates")
    if not is_root():
        return needs_root(states("trust", "--only", "system"))
    before = files()
    try:
        assert curl()[0] == 60  # "peer certificate cannot be authenticated"
        assert states("trust", "--only", "system") == (0, {"Debian, Ubuntu": "trusted"})
        assert curl() == (0, "hello")
        assert states("trust", "--only", "system") == (0, {"Debian, Ubuntu": "trusted already"})
        assert states("trust", "--check", "--only", "system") == (0, {"Debian, Ubuntu": "trusted"})
    finally:
        assert states("untrust", "--only", "system") == (0, {"Debian, Ubuntu": "no longer trusted"})
    assert curl()[0] == 60
    assert states("untrust", "--only", "system") == (0, {"Debian, Ubuntu": "was not there"})
    assert files() == before
    keys = CERTIFICATES / "java" / "cacerts"
    if keys.exists():  # which Debian's own tool does not clean
        assert b"microhttps" not in keys.read_bytes()


def needs_root(seen):
    assert seen == (1, {"Debian, Ubuntu": "needs root"})


def test_who_is_not_root_is_shown_the_command(vault, source, tool):
    tool("update-ca-certificates")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        for name in ("ca.crt", "ca.key"):
            path = Path(folder, name)
            path.write_bytes(vault.path(name).read_bytes())
            path.chmod(0o600)
        if is_root():
            for path in (folder, *Path(folder).iterdir()):
                os.chown(path, NOBODY, NOBODY)
        environment = {**os.environ, "HOME": folder, "MICROHTTPS_HOME": folder, "PYTHONPATH": str(source)}
        done = subprocess.run([sys.executable, "-c", AS_NOBODY, "ca", "trust", "--only", "system", "--json"],
                              env=environment, capture_output=True, text=True, timeout=60, cwd=folder)
    assert done.stdout, done.stderr
    (store,) = json.loads(done.stdout.splitlines()[-1])["stores"]
    assert (done.returncode, store["state"]) == (1, "needs root"), done.stderr
    name = f"microhttps-{store['sha256'][:16]}.crt"
    assert store["command"] == f"sudo cp {folder}/ca.crt {LOCAL}/{name} && sudo update-ca-certificates"
