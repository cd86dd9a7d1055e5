"""Serves the range on loopback: nginx all that it can, `rude` the rest.

    with serve_range(folder) as ports: ports["expired"]
"""

import contextlib
import os
import socket
import subprocess
import time

from badssl.making import make_certificates
from badssl.rude import SITES as RUDE
from badssl.rude import RudeServer
from badssl.sites import SITES
from harness.programs import PATIENCE, find_tool, free_port

CONFIGURATION = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log warn;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  default_type text/plain;
  {servers}
}}
"""
SERVER = """
  server {{
    listen 127.0.0.1:{port} ssl; {tls}
    ssl_certificate {folder}/{certificate}.crt; ssl_certificate_key {folder}/{certificate}.key;
    location / {{ return 200 "here"; }}
  }}"""
USUAL = "ssl_protocols {}; ssl_ciphers DEFAULT:@SECLEVEL=0;"  # 0: it would not show a weak certificate


@contextlib.contextmanager
def serve_range(folder, protocols="TLSv1.2 TLSv1.3"):
    """Make all certificates in the folder and serve every site; gives the port of each by its name.

    `protocols` is what sites speak that have no other wish.
    """
    make_certificates(folder)
    ports = {site.name: free_port() for site in SITES}
    rude = [RudeServer(ports[name], act, folder) for name, act in RUDE.items()]
    program = start_nginx(find_tool("nginx"), folder, ports, USUAL.format(protocols))
    try:
        yield ports
    finally:
        program.terminate()
        program.wait(PATIENCE)
        for server in rude:
            server.stop()


def start_nginx(nginx, folder, ports, usual):
    os.chmod(folder, 0o755)
    sites = [site for site in SITES if site.name not in RUDE]
    servers = "".join(server_of(site, folder, ports[site.name], usual) for site in sites)
    file = folder / "nginx.conf"
    file.write_text(CONFIGURATION.format(folder=folder, servers=servers))
    program = subprocess.Popen([nginx, "-p", folder, "-e", folder / "nginx.log", "-c", file],
                               stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + PATIENCE
    while not is_listening(ports[sites[-1].name]):
        if program.poll() is not None or time.monotonic() > deadline:
            program.kill()
            raise RuntimeError("nginx does not start: " + program.communicate()[1] + (folder / "nginx.log").read_text())
        time.sleep(0.02)
    return program


def server_of(site, folder, port, usual):
    certificate = site.name if (folder / f"{site.name}.crt").exists() else "good"
    return SERVER.format(port=port, tls=" ".join(site.tls) or usual, folder=folder, certificate=certificate)


def is_listening(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
