"""An nginx that wants client certificates, and an `openssl s_server` that demands one."""

from harness.nginx import start_servers
from harness.programs import free_port
from harness.s_server import start_s_server

SERVER = """
  server {{
    listen 127.0.0.1:{port} ssl; server_name localhost; ssl_protocols {protocols};
    ssl_certificate {certificates}/{name}.crt; ssl_certificate_key {certificates}/{name}.key;
    ssl_client_certificate {certificates}/ca.crt; ssl_verify_client on; ssl_verify_depth 2;
    location / {{ default_type text/plain; return 200 "$ssl_client_s_dn"; }}
  }}"""


def start_nginx(programs, certificates, folder, names, protocols):
    """nginx on a port for each certificate that it shows, with the certificates of the range: {name: port}."""
    ports = {name: free_port() for name in names}
    servers = "".join(SERVER.format(port=ports[name], name=name, certificates=certificates, protocols=protocols)
                      for name in names)
    start_servers(programs, folder, servers, *ports.values())
    return ports


def start_openssl(programs, certificates, version):
    """The port of an `s_server` that tells with a page of HTML whom it has seen."""
    pair = certificates / "good.crt", certificates / "good.key"
    return start_s_server(programs, *pair, "-www", "-quiet", f"-tls{version}", "-Verify", "3", "-verify_return_error",
                          "-CAfile", certificates / "ca.crt")
