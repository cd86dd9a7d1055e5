"""Serves the range on loopback: nginx all that it can, `rude` the rest.

    with serve_range(folder) as ports: ports["expired"]
"""

import contextlib

from badssl.making import make_certificates
from badssl.rude import SITES as RUDE
from badssl.rude import RudeServer
from badssl.sites import SITES
from harness.nginx import start_servers
from harness.programs import Programs, free_port

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
    programs = Programs(folder)
    try:
        start_nginx(programs, folder, ports, USUAL.format(protocols))
        yield ports
    finally:
        for server in rude:
            server.stop()
        programs.end(has_failed=False)


def start_nginx(programs, folder, ports, usual):
    sites = [site for site in SITES if site.name not in RUDE]
    servers = "".join(server_of(site, folder, ports[site.name], usual) for site in sites)
    start_servers(programs, folder, servers, ports[sites[-1].name])


def server_of(site, folder, port, usual):
    certificate = site.name if (folder / f"{site.name}.crt").exists() else "good"
    return SERVER.format(port=port, tls=" ".join(site.tls) or usual, folder=folder, certificate=certificate)
