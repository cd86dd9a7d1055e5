"""Runs on MicroPython and is a board: a littlefs on a flash that is a file of the computer, and the raw REPL on stdin.

    micropython board_side.py IMAGE BLOCKS repl [OPTION=VALUE...]    what mpremote talks to
    micropython board_side.py IMAGE BLOCKS boot                      the board at its start: runs main.py

Files, programs, exceptions, memory and their limits are MicroPython's own. What a computer lacks is stood in for: a
clock that can be set, a soft reset, and (options) a version that is another, a cable pulled at the n-th program.
The protocol is the one in MicroPython's reference manual, with its raw paste mode.
"""

import gc
import io
import os
import sys

import vfs

BLOCK = 4096
WINDOW = 128
BANNER = b"raw REPL; CTRL-B to exit\r\n>"
real = sys


class Flash:
    def __init__(self, path, blocks):
        self.blocks = blocks
        self.file = open(path, "r+b")

    def readblocks(self, number, buffer, offset=0):
        self.file.seek(number * BLOCK + offset)
        self.file.readinto(buffer)

    def writeblocks(self, number, buffer, offset=0):
        self.file.seek(number * BLOCK + offset)
        self.file.write(buffer)
        self.file.flush()

    def ioctl(self, operation, argument):
        return {4: self.blocks, 5: BLOCK}.get(operation, 0)


class Clock:
    moment = (2000, 1, 1, 5, 0, 0, 0, 0)

    def datetime(self, moment=None):
        if moment is None:
            return Clock.moment
        Clock.moment = moment
        print("clock", moment, file=real.stderr)


class Machine:
    RTC = Clock


class Implementation:
    def __init__(self, name, version):
        self.name = name
        self.version = version
        self._mpy = real.implementation._mpy
        self._machine = "Stand-in with a file for a flash"


class Sys:
    """The module `sys` of another board."""

    def __init__(self, name, version):
        self.implementation = Implementation(name, version)

    def __getattr__(self, name):
        return getattr(real, name)


def mount(image, blocks):
    flash = Flash(image, blocks)
    try:
        files = vfs.VfsLfs2(flash)
    except OSError:
        vfs.VfsLfs2.mkfs(flash)
        files = vfs.VfsLfs2(flash)
    vfs.mount(files, "/flash")
    os.chdir("/flash")
    sys.path[:] = ["", ".frozen", "/flash/lib"]


class Repl:
    def __init__(self, name="micropython", version="1.25.0", unplugged="0", hangs="no"):
        self.hangs = hangs == "yes"  # in its boot.py, after each soft reset
        self.said = sys.stdout.buffer
        self.heard = sys.stdin.buffer
        self.until_unplugged = int(unplugged)
        self.modules = {"machine": Machine, "sys": Sys(name, tuple(int(part) for part in version.split(".")))}
        self.reset()

    def reset(self):
        """What a soft reset leaves: the file system, and nothing else."""
        self.names = {"__name__": "__main__"}
        for name in list(real.modules):
            if name == "microhttps" or name.startswith("microhttps."):
                del real.modules[name]
        real.modules.update(self.modules)
        gc.collect()

    def run(self):
        is_raw, line = False, b""
        while True:
            byte = self.heard.read(1)
            if not byte:
                return
            if byte == b"\x01":
                is_raw, line = True, b""
                self.said.write(BANNER)
            elif byte == b"\x02":
                is_raw, line = False, b""
                self.said.write(b"\r\n>>> ")
            elif byte == b"\x03":
                line = b""
            elif byte == b"\x04" and is_raw and not line:
                self.reset()
                self.said.write(b"OK\r\nMPY: soft reboot\r\n" + (b"" if self.hangs else BANNER))
                is_raw = not self.hangs
            elif byte == b"\x04" and is_raw:
                self.said.write(b"OK")
                self.execute(line)
                line = b""
            elif byte == b"\x05" and is_raw and not line:
                self.heard.read(2)  # A, and 1 for a version
                self.execute(self.paste())
            elif is_raw:
                line += byte

    def paste(self):
        """A program in windows, so that no byte comes sooner than there is room for it."""
        self.said.write(b"R\x01" + bytes([WINDOW, 0]))
        program = bytearray()
        while True:
            byte = self.heard.read(1)
            if byte == b"\x04":
                self.said.write(b"\x04")
                return bytes(program)
            program += byte
            if len(program) % WINDOW == 0:
                self.said.write(b"\x01")

    def execute(self, program):
        self.until_unplugged -= 1
        if self.until_unplugged == 0:
            real.exit(1)
        trouble = io.StringIO()
        try:
            exec(program, self.names)
        except Exception as error:
            real.print_exception(error, trouble)
        self.said.write(b"\x04" + trouble.getvalue().encode() + b"\x04>")


image, blocks, what = sys.argv[1:4]
mount(image, int(blocks))
if what == "boot":
    with open("main.py") as file:
        exec(file.read(), {"__name__": "__main__"})
else:
    Repl(**dict(option.split("=") for option in sys.argv[4:])).run()
