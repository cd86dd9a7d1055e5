"""An nginx that wants client certificates, and an `openssl s_server` that demands one."""

import socket

from harness.programs import free_port, until

SERVER = """
  server {{
    listen 127.0.0.1:{port} ssl; server_name localhost; ssl_protocols {protocols};
    ssl_certificate {certificates}/{name}.crt; ssl_certificate_key {certificates}/{name}.key;
    ssl_client_certificate {certificates}/ca.crt; ssl_verify_client on; ssl_verify_depth 2;
    location / {{ default_type text/plain; return 200 "$ssl_client_s_dn"; }}
  }}"""


def start_nginx(programs, program, certificates, folder, names, protocols):
    """nginx on a port for each certificate that it shows, with the certificates of the range: {name: port}."""
    ports = {name: free_port() for name in names}
    servers = "".join(SERVER.format(port=ports[name], name=name, certificates=certificates, protocols=protocols)
                      for name in names)
    for temporary in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
        (folder / temporary).mkdir()
    configuration = folder / "nginx.conf"
    configuration.write_text(f"""
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr crit;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;{servers}
}}
""")
    programs.start([program, "-p", str(folder), "-e", "stderr", "-c", str(configuration)], "nginx")
    for port in ports.values():
        until(lambda port=port: is_listening(port))
    return ports


def start_openssl(programs, program, certificates, version):
    """The port of an `s_server` that tells with a page of HTML whom it has seen."""
    port = free_port()
    programs.start([program, "s_server", "-accept", f"127.0.0.1:{port}", "-www", "-quiet", f"-tls{version}",
                    "-cert", f"{certificates}/good.crt", "-key", f"{certificates}/good.key", "-Verify", "3",
                    "-verify_return_error", "-CAfile", f"{certificates}/ca.crt"], "s_server", may_complain=True)
    until(lambda: is_listening(port))
    return port


def is_listening(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
