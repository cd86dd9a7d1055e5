"""An nginx for a test: one server over TLS, with lines of its configuration added, or any servers."""

import os

from harness.programs import find_tool

CONFIGURATION = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr warn;
events {{ worker_connections {connections}; }}
http {{
  access_log off; default_type text/plain; {folders}
  {servers}
}}
"""
SERVER = """server {{
    listen 127.0.0.1:{port} ssl; server_name localhost; root {pages}; ssl_protocols {protocols};
    ssl_certificate {certificate}; ssl_certificate_key {key};
    {more}
  }}"""
FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def command_of(folder, servers, connections=256):
    """The command that serves these blocks of configuration, written into the folder; errors go to stderr."""
    os.chmod(folder, 0o755)
    folders = "".join(f"{name}_temp_path {folder}/{name}; " for name in FOLDERS)
    file = folder / "nginx.conf"
    file.write_text(CONFIGURATION.format(folder=folder, folders=folders, servers=servers, connections=connections))
    return [find_tool("nginx"), "-p", str(folder), "-e", "stderr", "-c", str(file)]


def start_servers(programs, folder, servers, *ports):
    """Serves these blocks once this returns, for it listens on the ports by then."""
    nginx = programs.start(command_of(folder, servers), "nginx")
    nginx.until_listening(*ports)
    return nginx


def start_nginx(programs, folder, port, pair, protocols="TLSv1.2 TLSv1.3", more=""):
    """Serves what is in the folder `pages` of this one, with that pair of (certificate, key), once this returns."""
    pages = folder / "pages"
    pages.mkdir(exist_ok=True)
    server = SERVER.format(port=port, pages=pages, protocols=protocols, certificate=pair[0], key=pair[1], more=more)
    return start_servers(programs, folder, server, port)
