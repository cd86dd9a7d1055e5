"""Programs that a test starts: their lines are read with a deadline, they are always reaped, nothing they say is lost.

A traceback or a warning about a forgotten resource on a program's stderr fails the test, unless the test said that it
expects one. Readiness is a line on stdout, never a pause.
"""

import fcntl
import os
import queue
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest

PATIENCE = 20  # seconds for anything that should come at once: a loaded machine is slow, a hanging one is not
COMPLAINTS = ("Traceback (most recent call last)", "ResourceWarning", "never retrieved", "wasn't retrieved",
              "was never awaited", "Fatal Python error", "Exception ignored in")


class Program:
    """A running program: `line()` reads its stdout, `tell()` writes to its stdin, `complaints` is its stderr."""

    def __init__(self, command, name, errors_file, environment=None, cwd=None, may_complain=False):
        self.name = name
        self.may_complain = may_complain
        self._errors_file = Path(errors_file)
        self._lines = queue.Queue()
        self.seen = []
        with self._errors_file.open("wb") as errors:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment, cwd=cwd,
                text=True, encoding="utf-8", errors="backslashreplace", bufsize=1, start_new_session=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    @property
    def pid(self):
        return self.process.pid

    @property
    def complaints(self):
        """All it wrote to stderr so far."""
        return self._errors_file.read_text(errors="backslashreplace")

    def line(self, patience=PATIENCE):
        """The next line of its stdout; fails the test when none comes."""
        try:
            line = self._lines.get(timeout=patience)
        except queue.Empty:
            self.fail(f"said nothing for {patience} s")
        if line is None:
            self._lines.put(None)
            self.fail(f"ended with status {self.wait()}")
        self.seen.append(line)
        return line

    def line_that(self, begins, patience=PATIENCE):
        """The next line that begins so; lines before it are passed over."""
        deadline = time.monotonic() + patience
        while True:
            line = self.line(max(0.01, deadline - time.monotonic()))
            if line.startswith(begins):
                return line

    def lines_until_end(self, patience=PATIENCE):
        """The rest of its lines, once it has ended by itself."""
        deadline = time.monotonic() + patience
        lines = []
        while True:
            try:
                line = self._lines.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                self.seen.extend(lines)
                self.fail(f"did not end within {patience} s")
            if line is None:
                self._lines.put(None)
                self.seen.extend(lines)
                return lines
            lines.append(line)

    def lines_now(self):
        """The lines that have come and were not read, without waiting for more."""
        lines = []
        while True:
            try:
                line = self._lines.get_nowait()
            except queue.Empty:
                return lines
            if line is None:
                self._lines.put(None)
                return lines
            lines.append(line)

    def tell(self, text):
        """Write a line to its stdin."""
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def wait(self, patience=PATIENCE):
        """Its exit status, once it has ended by itself."""
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.fail(f"did not end within {patience} s")

    def is_running(self):
        return self.process.poll() is None

    def until_listening(self, *ports):
        """Wait until somebody listens on these ports; fails the test when the program has ended by then."""
        for port in ports:
            until(lambda port=port: is_listening(port) or not self.is_running())
        if not self.is_running():
            self.fail("does not start")

    def fail(self, why):
        """Fail the test, with all that the program said."""
        said = "\n".join(self.seen[-40:] + self.lines_now())
        pytest.fail(f"{self.name} {why}\n--- its stdout:\n{said}\n--- its stderr:\n{self.complaints[-6000:]}",
                    pytrace=False)

    def reap(self):
        """End it if it has not ended; afterwards nothing of it is left. May be called twice."""
        if self.process.poll() is None:
            # Its whole group: a wrapper script may stand between us and the interpreter.
            self._signal(signal.SIGTERM)
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                pass
        self._signal(signal.SIGKILL)
        self.process.wait()
        self._reader.join(5)
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                pipe.close()
            except OSError:
                pass

    def _signal(self, number):
        try:
            os.killpg(self.process.pid, number)
        except (ProcessLookupError, PermissionError):
            pass


class Programs:
    """The programs of one test."""

    def __init__(self, folder):
        self._folder = Path(folder)
        self._programs = []
        self._files = 0

    def new_file(self, name):
        """The path of a file that no other program of this test uses."""
        self._files += 1
        return self._folder / f"{self._files}-{name}"

    def start(self, command, name=None, **options):
        """Start a program; see Program."""
        name = name or Path(str(command[0])).name
        errors_file = self.new_file(f"{name.replace(' ', '-')}.stderr")
        options.setdefault("cwd", self._folder)
        program = Program([str(part) for part in command], name, errors_file, **options)
        self._programs.append(program)
        return program

    def run(self, interpreter, *arguments, heap=None, environment=None, **options):
        """Start a program of ours on an interpreter."""
        options.setdefault("name", f"{Path(str(arguments[0])).stem} on {interpreter}")
        return self.start(interpreter.command(*arguments, heap=heap),
                          environment={**interpreter.environment, **(environment or {})}, **options)

    def end(self, has_failed):
        """Reap them all. When the test has failed, show what they said, else fail it over what they complained of."""
        for program in self._programs:
            program.reap()
        for program in self._programs:
            if has_failed:
                said = "\n".join(program.seen[-40:] + program.lines_now())
                print(f"--- {program.name}, stdout:\n{said}\n--- its stderr:\n{program.complaints[-6000:]}")
            elif not program.may_complain and has_complaint(program.complaints):
                program.fail("complained on its stderr")


def has_complaint(text):
    """Whether a program's stderr tells of something that should not have happened."""
    # CPython 3.10 to 3.12: SSLSocket._create() of a socket that was reset meanwhile raises without closing itself. It
    # is gone with the last reference, at once; nobody else can close it (it has no peer any more, so no raddr).
    lines = [line for line in text.splitlines() if "unclosed <ssl.SSLSocket" not in line or "raddr=" in line]
    lines = [line for line in lines if "Enable tracemalloc" not in line]
    return any(words in line for line in lines for words in COMPLAINTS)


# Below the range from which systems take the ports of outgoing connections: one of those could hold it by then. Each
# worker of the run (pytest-xdist) has its own. Other runs on this machine see by the lock of a byte which are taken,
# also those on which nobody listens yet; a process that ends, however, gives its locks back.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
_WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_PORTS = list(range(12000 + _WORKER, 32000, _WORKERS))
random.Random(os.getpid()).shuffle(_PORTS)
_TAKEN = os.open(f"{tempfile.gettempdir()}/microhttps-tests-ports-{os.getuid()}", os.O_RDWR | os.O_CREAT, 0o600)


def _is_taken(port):
    """Whether another run has taken it; else it is ours from now on."""
    try:
        fcntl.lockf(_TAKEN, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError:
        return True
    return False


def free_port():
    """A port of this machine that nobody listens on and that neither this run nor another one has given away before."""
    while True:
        port = _PORTS.pop()
        if _is_taken(port):
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def find_tool(*names):
    """The path of a program of somebody else's, the first of these names that is there; or the test fails."""
    for name in names:
        found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/opt/homebrew/bin")
        if found:
            return found
    pytest.fail(f"this test needs {' or '.join(names)}: run tools/system-packages", pytrace=False)


def until(question, patience=PATIENCE, pause=0.02):
    """Ask until the answer is true, and give it; fails the test when it stays false."""
    deadline = time.monotonic() + patience
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            pytest.fail(f"still not so after {patience} s: {getattr(question, '__doc__', None) or question}")
        time.sleep(pause)


def is_listening(port):
    """Whether somebody listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def open_files(pid):
    """How many file descriptors a process has open."""
    if os.path.isdir("/proc/self/fd"):
        return len(os.listdir(f"/proc/{pid}/fd"))
    done = subprocess.run(["lsof", "-p", str(pid), "-F", "f"], capture_output=True, text=True)
    return sum(line[:1] == "f" and line[1:2].isdigit() for line in done.stdout.splitlines())


def resident_kilobytes(pid):
    """The memory of a process, in KB."""
    return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(pid)]))
