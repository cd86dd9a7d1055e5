"""What these tests share: an application for a board, a state folder of their own, and the command."""

import json
import os
import subprocess
import sys

import pytest

COMMAND = [sys.executable, "-m", "microhttps_host", "push"]
SERVING = """\
from microhttps import Identity, Server

import lights

server = Server(identity=Identity("device.crt", "device.key"), host="127.0.0.1", port=int(open("port.txt").read()))


@server.get("/led/<name>")
def led(request):
    return {"led": request.params["name"], "on": lights.is_on(request.params["name"])}


if __name__ == "__main__":
    server.run()
"""
LIGHTS = "def is_on(name):\n    return name == 'red'\n"


class Push:
    """`microhttps push` in a folder with an application."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {**os.environ, "MICROHTTPS_HOME": str(folder / "home"), "COLUMNS": "80"}
        self.authority = folder / "home" / "ca.crt"

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def run(self, *arguments):
        command = [*COMMAND, *map(str, arguments)]
        done = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True,
                              timeout=300)
        assert "Traceback" not in done.stderr + done.stdout
        return done.returncode, done.stdout, done.stderr

    def does(self, *arguments):
        """The facts that it tells programs."""
        status, said, complained = self.run(*arguments, "--json")
        assert (status, complained) == (0, ""), said + complained
        return json.loads(said.splitlines()[-1])

    def fails(self, *arguments):
        """What it complains of."""
        status, said, complained = self.run(*arguments)
        assert (status, said) == (2 if "[bad_option]" in complained else 1, ""), said
        return complained


@pytest.fixture
def push(tmp_path, port):
    folder = tmp_path / "work"
    folder.mkdir()
    push = Push(folder)
    push.write("app.py", SERVING)
    push.write("lights.py", LIGHTS)
    push.write("port.txt", str(port))
    return push
