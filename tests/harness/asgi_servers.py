"""Starts ASGI servers that are not ours around an application of ours, with TLS or without."""

import json
import socket

from harness.asgi_play import VARIABLE
from harness.interpreters import find
from harness.programs import until

APPLICATION = "harness.asgi_play:application"
# name: (module and usual arguments, those for TLS)
SERVERS = {
    "uvicorn": ("uvicorn --host 0.0.0.0 --port {port} --lifespan on --no-access-log --http httptools --ws wsproto",
                "--ssl-certfile {certificate} --ssl-keyfile {key}"),
    "hypercorn": ("hypercorn --bind 0.0.0.0:{port}",
                  "--certfile {certificate} --keyfile {key}"),
    "granian": ("granian --log-level error --interface asgi --host 0.0.0.0 --port {port}",
                "--ssl-certificate {certificate} --ssl-keyfile {key}"),
}


def start_asgi_server(programs, name, module, port, certificates, is_secure=True, arguments=(), may_complain=False,
                      **options):
    """The server of this name around `module.make_server(play).asgi`, listening."""
    usual, secure = SERVERS[name]
    certificate = certificates / options.get("certificate", "good")
    texts = {"port": port, "certificate": f"{certificate}.crt", "key": f"{certificate}.key"}
    command = f"{usual} {secure if is_secure else ''}".format(**texts).split()
    play = json.dumps((module, port, str(certificates), options))
    program = programs.run(find("cpython"), "-m", *command, *arguments, APPLICATION, environment={VARIABLE: play},
                           name=f"{module} under {name}", may_complain=may_complain)

    def listens():
        """The server listens."""
        if not program.is_running():
            program.fail("ended")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    until(listens)
    return program
