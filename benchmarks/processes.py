"""Starting a server on a core of its own, knowing what it costs, and ending it for certain.

The server runs on the first core, the load generator and this program on the second: two programs that share a core
measure the scheduler. Knows no server by name.
"""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from .trouble import Trouble

SERVER_CORE = 0
LOAD_CORE = 1
START_SECONDS = 20
STOP_SECONDS = 5


def use_load_core() -> bool:
    """Move this program to the load's core; False where there is only one core or no way to choose."""
    if not _can_pin():
        return False
    os.sched_setaffinity(0, {LOAD_CORE})
    return True


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Running:
    """A server process in a group of its own, from start to certain end; use it with `with`."""

    def __init__(
        self,
        command: list[str],
        port: int,
        log: Path,
        environment: dict[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        self.port = port
        self._log = log
        # Beside the affinity nothing happens between fork and exec, and this program has no threads then.
        pin = _pin_server if _can_pin() else None
        with log.open("wb") as output:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                cwd=folder,
                start_new_session=True,
                preexec_fn=pin,
            )

    def __enter__(self) -> "Running":
        try:
            self._wait_until_it_listens()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def stop(self) -> None:
        """End the whole group: politely, then for certain. May be called twice."""
        self._signal_group(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        self._signal_group(signal.SIGKILL)
        self._process.wait()

    def is_alive(self) -> bool:
        """Whether the first process of the group still runs."""
        return self._process.poll() is None

    def output(self) -> str:
        """The last lines the server printed."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-12:])

    def processor_seconds(self) -> float:
        """Processor time of the group so far, ended children included."""
        ticks = sum(_ticks(process) for process in self._family())
        return ticks / os.sysconf("SC_CLK_TCK")

    def anonymous_bytes(self) -> int:
        """Memory of the group that no file backs (its heaps and stacks), pages shared by a fork counted once."""
        return sum(anonymous_bytes_of(process) for process in self._family())

    def open_files(self) -> int:
        """Open files and sockets of the group."""
        return sum(len(_list(Path(f"/proc/{process}/fd"))) for process in self._family())

    def _family(self) -> list[int]:
        found = [self._process.pid]
        for process in found:
            for task in _list(Path(f"/proc/{process}/task")):
                found.extend(int(child) for child in _read(task / "children").split())
        return found

    def _wait_until_it_listens(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if not self.is_alive():
                raise Trouble(f"the server ended while it started; it said:\n{self.output()}")
            if _is_listened_on(self.port):
                return
            time.sleep(0.05)
        raise Trouble(f"the server did not listen within {START_SECONDS} s; it said:\n{self.output()}")

    def _signal_group(self, number: int) -> None:
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            pass


def _can_pin() -> bool:
    return hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1


def _pin_server() -> None:
    os.sched_setaffinity(0, {SERVER_CORE})


def _is_listened_on(port: int) -> bool:
    # The kernel is asked, not the port: a connection that says nothing would be a failed handshake to the server.
    wanted = f":{port:04X} "
    for name in ("tcp", "tcp6"):
        for line in _read(Path("/proc/net") / name).splitlines():
            if line.split()[3] == "0A" and wanted in f"{line.split()[1]} ":
                return True
    return False


def _ticks(process: int) -> int:
    # After the command's name, which may hold blanks: user, system, and the same of children that ended.
    fields = _read(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15])


def anonymous_bytes_of(process: int) -> int:
    """Memory of one process that no file backs; raises Trouble where the system does not tell."""
    for line in _read(Path(f"/proc/{process}/smaps_rollup")).splitlines():
        if line.startswith("Pss_Anon:"):
            return int(line.split()[1]) * 1024
    raise Trouble("memory of a process is read from /proc/<id>/smaps_rollup, which this system does not have")


def _list(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
