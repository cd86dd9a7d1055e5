"""Who is compared on CPython: each peer is a name, the package its version comes from, and the command that starts it.

Every one of them is set up the way its own documentation says is fastest on one core: one worker, no access log,
HTTP/1.1, and no limit on the requests of a connection. All answer the same 13 bytes as text/plain. Starts nothing.
"""

import importlib.metadata
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .certificate import Files
from .trouble import Trouble

APPS = Path(__file__).parent / "apps"
SOURCE = Path(__file__).parent.parent / "src"
BODY = b"Hello, World!"

NGINX_CONFIGURATION = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log crit;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_protocols TLSv1.3;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    default_type text/plain;
    location / {{ return 200 "Hello, World!"; }}
  }}
}}
"""

HYPERCORN_CONFIGURATION = """\
bind = ["127.0.0.1:{port}"]
certfile = "{certificate}"
keyfile = "{key}"
alpn_protocols = ["http/1.1"]
keep_alive_timeout = 60
keep_alive_max_requests = 1000000000
worker_class = "uvloop"
workers = 1
"""


@dataclass(frozen=True)
class Peer:
    """One row of the comparison. In `command` and `configuration`, {words} are filled in by `start_command`."""

    name: str
    package: str
    command: str
    configuration: str = ""
    is_ours: bool = False


PEERS = (
    Peer("nginx", "nginx", "{nginx} -c {configuration} -e {folder}/nginx.log", NGINX_CONFIGURATION),
    Peer(
        "granian",
        "granian",
        "{python} -m granian --interface rsgi --http 1 --no-ws --workers 1 --runtime-mode st --loop uvloop "
        "--host 127.0.0.1 --port {port} --ssl-certificate {certificate} --ssl-keyfile {key} "
        "--log-level critical --working-dir {apps} rsgi_app:app",
    ),
    Peer(
        "uvicorn + uvloop",
        "uvicorn",
        "{python} -m uvicorn --loop uvloop --http httptools --ws none --lifespan off --workers 1 --no-access-log "
        "--log-level critical --timeout-keep-alive 60 --host 127.0.0.1 --port {port} "
        "--ssl-certfile {certificate} --ssl-keyfile {key} --app-dir {apps} asgi_app:app",
    ),
    Peer("aiohttp + uvloop", "aiohttp", "{python} {apps}/aiohttp_app.py {port} {certificate} {key}"),
    Peer(
        "hypercorn + uvloop",
        "hypercorn",
        "{python} -m hypercorn --config {configuration} --log-level critical asgi_app:app",
        HYPERCORN_CONFIGURATION,
    ),
    Peer(
        "microhttps (def)",
        "microhttps",
        "{python} {apps}/microhttps_app.py def {port} {certificate} {key}",
        is_ours=True,
    ),
    Peer(
        "microhttps (async def)",
        "microhttps",
        "{python} {apps}/microhttps_app.py async {port} {certificate} {key}",
        is_ours=True,
    ),
)


def start_command(peer: Peer, port: int, files: Files, folder: Path) -> list[str]:
    """The words to start this peer with; writes its configuration file into the folder when it wants one."""
    words = {
        "python": sys.executable,
        "nginx": find_program("nginx") if peer.name == "nginx" else "",
        "apps": str(APPS),
        "port": str(port),
        "certificate": str(files.certificate),
        "key": str(files.key),
        "folder": str(folder),
        "configuration": str(folder / f"{peer.package}.conf"),
    }
    if peer.configuration:
        Path(words["configuration"]).write_text(peer.configuration.format(**words))
    return [word.format(**words) for word in peer.command.split()]


def environment() -> dict[str, str]:
    """Where Python peers find the application and, from a working tree, this package."""
    return {"PYTHONPATH": f"{SOURCE}:{APPS}", "PYTHONUNBUFFERED": "1"}


def find_version(package: str) -> str:
    """The version of a peer as its own packaging states it; raises Trouble when it is not installed."""
    if package == "nginx":
        said = subprocess.run([find_program("nginx"), "-v"], capture_output=True, text=True, check=True).stderr
        return said.strip().rpartition("/")[2]
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        if package == "microhttps":
            return "working tree"
        raise Trouble(f"{package} is not installed: pip install -r benchmarks/requirements.txt") from None


def find_program(name: str) -> str:
    """The path of a system program; raises Trouble with the way to install it."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/opt/homebrew/bin")
    if path is None:
        raise Trouble(f"{name} is missing: install it (Debian: apt-get install {name}; macOS: brew install {name})")
    return path
