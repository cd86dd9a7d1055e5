"""mosquitto with certificates of the range, and `umqtt.simple` as micropython-lib publishes it."""

import os
import subprocess
import sys

import pytest

from harness.programs import free_port, is_listening, until

# certificate of the server that each listener shows
SHOWN = ("good", "wrong-name", "unknown", "expired", "self-signed")
UMQTT = "micropython-umqtt.simple"


class Broker:
    """A running mosquitto: `ports` by the certificate it shows there, `said()` its log."""

    def __init__(self, program, ports):
        self._program = program
        self.ports = ports

    def said(self):
        return self._program.complaints


@pytest.fixture
def broker(tool, programs, certificates, tmp_path):
    """A mosquitto that demands client certificates by the authority of the range on each of its ports."""
    ports = {name: free_port() for name in SHOWN}
    lines = ["per_listener_settings false", "allow_anonymous true", "persistence false", "log_dest stderr",
             "log_type all", "user root"]
    for name, port in ports.items():
        lines += [f"listener {port} 127.0.0.1", f"cafile {certificates}/ca.crt", f"certfile {certificates}/{name}.crt",
                  f"keyfile {certificates}/{name}.key", "require_certificate true", "use_identity_as_username true"]
    configuration = tmp_path / "mosquitto.conf"
    configuration.write_text("\n".join(lines) + "\n")
    program = programs.start([tool("mosquitto"), "-c", str(configuration)], "mosquitto")
    for port in ports.values():
        until(lambda port=port: is_listening(port) or not program.is_running())
    assert program.is_running(), program.fail("ended")
    return Broker(program, ports)


@pytest.fixture(scope="session")
def umqtt(tmp_path_factory):
    """The folder from which `import umqtt.simple` works, fresh from the package index.

    What micropython-lib publishes there are archives without a build script, made for another installer: pip fetches
    and unpacks them, says that they are no Python project, and is told to leave what it has unpacked.
    """
    folder = tmp_path_factory.mktemp("umqtt")
    command = [sys.executable, "-m", "pip", "download", "--no-clean", "--no-deps", "--dest", str(folder), UMQTT]
    done = subprocess.run(command, env={**os.environ, "TMPDIR": str(folder)}, capture_output=True, text=True,
                          timeout=100)
    found = [path.parent.parent for path in folder.rglob("umqtt/simple.py")]
    if not found:
        pytest.fail(f"pip could not bring {UMQTT}; it said:\n{done.stdout}{done.stderr}", pytrace=False)
    return found[0]
