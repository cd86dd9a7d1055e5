"""An nginx for a test: one server over TLS, with lines of its configuration added."""

import os

from harness.programs import find_tool, is_listening, until

CONFIGURATION = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr warn;
events {{ worker_connections 64; }}
http {{
  access_log off; default_type text/plain; {folders}
  server {{
    listen 127.0.0.1:{port} ssl; server_name localhost; root {pages}; ssl_protocols {protocols};
    ssl_certificate {certificate}; ssl_certificate_key {key};
    {more}
  }}
}}
"""
FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def start_nginx(programs, folder, port, pair, protocols="TLSv1.2 TLSv1.3", more=""):
    """Serves what is in the folder `pages` of this one, with that pair of (certificate, key), once this returns."""
    pages = folder / "pages"
    pages.mkdir(exist_ok=True)
    os.chmod(folder, 0o755)
    folders = "".join(f"{name}_temp_path {folder}/{name}; " for name in FOLDERS)
    file = folder / "nginx.conf"
    file.write_text(CONFIGURATION.format(folder=folder, folders=folders, port=port, pages=pages, more=more,
                                         protocols=protocols, certificate=pair[0], key=pair[1]))
    nginx = programs.start([find_tool("nginx"), "-p", str(folder), "-e", "stderr", "-c", str(file)], "nginx")
    until(lambda: nginx.is_running() and is_listening(port) or not nginx.is_running())
    assert nginx.is_running(), nginx.fail("does not start")
    return nginx
