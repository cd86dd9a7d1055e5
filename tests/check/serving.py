"""Many ports of one nginx, good and bad ones, for checks of many at once."""

import resource
import subprocess

from harness.nginx import command_of
from harness.programs import is_listening, until

SETTINGS = "ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache off;"
SERVER = """server {{ {listens}
  ssl_certificate {certificates}/{name}.crt; ssl_certificate_key {certificates}/{name}.key;
  location / {{ return 200 "here"; }} }}
"""


class ManyPorts:
    """nginx that shows each certificate (by name) on its ports: {name: [port, ...]}."""

    def __init__(self, folder, certificates, ports):
        servers = "".join(SERVER.format(listens=" ".join(f"listen 127.0.0.1:{port} ssl;" for port in numbers),
                                        certificates=certificates, name=name) for name, numbers in ports.items())
        count = sum(map(len, ports.values()))
        self._errors = folder / "nginx.log"
        with self._errors.open("w") as errors:
            self._program = subprocess.Popen(command_of(folder, SETTINGS + servers, count + 512), stderr=errors,
                                             preexec_fn=_allow_many)
        last = list(ports.values())[-1][-1]
        until(lambda: self._is_listening(last))

    def _is_listening(self, port):
        if self._program.poll() is not None:
            raise RuntimeError("nginx does not start: " + self._errors.read_text())
        return is_listening(port)

    def stop(self):
        self._program.terminate()
        self._program.wait()


def _allow_many():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
