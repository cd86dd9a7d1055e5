"""Many ports of one nginx, good and bad ones, for checks of many at once."""

import os
import random
import resource
import subprocess

from harness.programs import find_tool, is_listening, until

CONFIGURATION = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log warn;
events {{ worker_connections {connections}; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache off;
  {servers}
}}
"""
SERVER = """server {{ {listens}
  ssl_certificate {certificates}/{name}.crt; ssl_certificate_key {certificates}/{name}.key;
  location / {{ return 200 "here"; }} }}
"""


def free_ports(count):
    """So many ports that nobody listens on."""
    start = random.randrange(20000, 30000)
    found = []
    for port in range(start, start + 4 * count):
        if not is_listening(port):
            found.append(port)
        if len(found) == count:
            return found
    raise RuntimeError(f"fewer than {count} ports are free")


class ManyPorts:
    """nginx that shows each certificate (by name) on its ports: {name: [port, ...]}."""

    def __init__(self, folder, certificates, ports):
        os.chmod(folder, 0o755)
        servers = "".join(SERVER.format(listens=" ".join(f"listen 127.0.0.1:{port} ssl;" for port in numbers),
                                        certificates=certificates, name=name) for name, numbers in ports.items())
        count = sum(map(len, ports.values()))
        file = folder / "nginx.conf"
        file.write_text(CONFIGURATION.format(folder=folder, servers=servers, connections=count + 512))
        self._program = subprocess.Popen(
            [find_tool("nginx"), "-p", folder, "-e", folder / "nginx.log", "-c", file],
            stderr=subprocess.PIPE, text=True, preexec_fn=_allow_many)
        last = list(ports.values())[-1][-1]
        until(lambda: self._is_listening(last))

    def _is_listening(self, port):
        if self._program.poll() is not None:
            raise RuntimeError("nginx does not start: " + self._program.communicate()[1])
        return is_listening(port)

    def stop(self):
        self._program.terminate()
        self._program.communicate()


def _allow_many():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
