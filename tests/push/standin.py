"""A board that is plugged in: a pseudo-terminal whose other end is a MicroPython with a flash of its own."""

import os
import pty
import subprocess
import tty
from pathlib import Path

from harness.interpreters import find_or_fail

SIDE = Path(__file__).with_name("board_side.py")
BLOCK = 4096


class StandIn:
    """Its flash outlives what is plugged in: `plug(...)` gives the port, `boot()` the command of its start."""

    def __init__(self, image, kilobytes=848):
        self._image = Path(image)
        self._blocks = kilobytes * 1024 // BLOCK
        self._image.write_bytes(bytes(self._blocks * BLOCK))
        self._process = None
        self._port = None

    def command(self, what, *options, heap="512k"):
        return find_or_fail("micropython32").command(SIDE, self._image, self._blocks, what, *options, heap=heap)

    def plug(self, command=None, **options):
        """Plug it in; options are those of board_side."""
        self.unplug()
        ours, self._port = pty.openpty()
        tty.setraw(self._port)
        command = command or self.command("repl", *(f"{name}={value}" for name, value in options.items()))
        self._errors = self._image.with_suffix(".stderr").open("w+")
        self._process = subprocess.Popen(command, stdin=ours, stdout=ours, stderr=self._errors)
        os.close(ours)  # when the board ends, nobody is at the other end any more
        return os.ttyname(self._port)

    @property
    def complaints(self):
        """What it wrote to stderr; the clock tells there what it was set to."""
        self._errors.seek(0)
        return self._errors.read()

    def run(self, program):
        """What a program prints that runs on this board, when it is not plugged in."""
        self.unplug()
        done = subprocess.run(self.command("repl"), input=b"\x01" + program.encode() + b"\x04", capture_output=True)
        said = done.stdout.partition(b"OK")[2]
        answer, _, rest = said.partition(b"\x04")
        assert rest == b"\x04>", (said, done.stderr)
        return answer.decode()

    def files(self):
        """{path: size} of all that is on its flash."""
        program = ("import os\ndef walk(folder):\n for name, kind, _, size in os.ilistdir(folder or '.'):\n"
                   "  walk(folder + name + '/') if kind == 0x4000 else print((folder + name, size), end=',')\nwalk('')")
        return dict(eval("[" + self.run(program) + "]"))

    def read(self, path):
        """What is in a file on its flash."""
        return eval(self.run(f"print(open({path!r}, 'rb').read())"))

    def unplug(self):
        if self._process:
            self._process.kill()
            self._process.wait()
            os.close(self._port)
            self._errors.close()
            self._process = None
