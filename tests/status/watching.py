"""A server that is watched, and curl to look at what it tells of itself."""

import json
import subprocess

from harness.playing import start_server
from harness.programs import find_tool, until

from .application import PASSWORD


class Watched:
    """A server with a status; `now()` is what it tells, by curl."""

    def __init__(self, program, certificates, port):
        self.program = program
        self.port = port
        self._certificates = certificates

    def curl(self, path, *arguments):
        """What curl prints of an answer; fails the test when there is none."""
        command = [find_tool("curl"), "-sS", "--max-time", "20", "--compressed", "--cacert",
                   str(self._certificates / "ca.crt"), f"https://localhost:{self.port}{path}", *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def status_of(self, path, *arguments):
        """The number alone."""
        return int(self.curl(path, "-o", "/dev/null", "-w", "%{http_code}", *arguments))

    def now(self, *arguments):
        """The figures, as a dictionary."""
        return json.loads(self.curl("/status/now", *(arguments or ("-u", "admin:" + PASSWORD))))

    def now_that(self, question):
        """The figures, once they are as the question wants them."""
        kept = []

        def are_so():
            kept[:] = [self.now()]
            return question(kept[0])

        are_so.__doc__ = f"the figures are so: {question.__doc__}"
        until(are_so)
        return kept[0]


def start_watched(programs, interpreter, certificates, port, folder=None, **options):
    """A server on an interpreter, with these options of the application and the certificates of a folder."""
    settings = {"max_open_sockets": 8, "max_sockets_per_address": 8, **options.pop("settings", {})}
    program = start_server(programs, interpreter, "status.application", port, folder or certificates,
                           settings=settings, **options)
    return Watched(program, certificates, port)
