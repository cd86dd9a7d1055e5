"""One of several processes that serve: its place as the supervisor sees it, and what the process does. Layer 13.

A worker has one event loop, says by a pipe that it is ready or why it is not, and ends when its supervisor does.
"""

import asyncio
import json
import os
import signal
import traceback

from microhttps import Server, errors
from microhttps.errors import MicrohttpsError, UsageError

from ..serving import Beside
from ..watching import Watch

HEARD = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD}  # by the supervisor
READY = b"ready\n"


class Worker:
    """A place for one process: its `pid` (0 while there is none), and what it says through a pipe."""

    def __init__(self) -> None:
        self.pid = 0
        self.pipe = -1
        self.said = b""
        self.began = 0.0
        self.deaths = 0
        self.due = 0.0  # when another shall begin
        self.status = 0  # of the last process that has ended

    @property
    def is_ready(self) -> bool:
        return self.pid != 0 and self.said.startswith(READY)

    def read(self) -> None:
        """Take what it has said, without waiting."""
        try:
            while self.pipe >= 0:
                data = os.read(self.pipe, 65536)
                self.said += data
                if not data:
                    self.hang_up()
        except BlockingIOError:
            pass

    def hang_up(self) -> None:
        if self.pipe >= 0:
            os.close(self.pipe)
            self.pipe = -1

    def error(self) -> MicrohttpsError | None:
        """Why it ended, if it could say so: the error that it met, or one that tells of it."""
        words = self.said[len(READY):] if self.said.startswith(READY) else self.said
        if not words:
            return None
        told = json.loads(words)
        kind = getattr(errors, told["kind"], UsageError)
        facts = {name: value for name, value in told["facts"].items() if name not in ("code", "message", "cause")}
        return kind(told["code"], told["message"], **facts)


async def serve(
    server: Server, pipe: int, lifeline: int, watch: Watch | None, beside: Beside | None
) -> None:
    """What a worker does: serve until SIGTERM or the end of the supervisor, and let requests in progress end."""
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    loop.add_reader(lifeline, asked.set)
    await server.start()
    loop.add_signal_handler(signal.SIGTERM, asked.set)
    loop.add_signal_handler(signal.SIGHUP, _reload, server)
    watching = asyncio.create_task(watch.run()) if watch else None
    try:
        if beside:
            await beside.start()
        os.write(pipe, READY)
        await asked.wait()
    finally:
        loop.remove_reader(lifeline)
        if watching:
            watching.cancel()
        if beside:
            await beside.stop()
        await server.stop()
        # A second one now would find asyncio's own pipe closed, and say so on stderr: the end is near as it is.
        signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)


def _reload(server: Server) -> None:
    try:
        server.reload_identity()
    except MicrohttpsError as error:
        server.report(error, "the renewed identity is not taken, the old one stays")


def say_why(pipe: int, error: BaseException) -> None:
    """Tell the supervisor of the error by which this process ends."""
    known = error
    if not isinstance(known, MicrohttpsError):
        known = UsageError("worker_failed", "".join(traceback.format_exception(error)))
    told = {"kind": type(known).__name__, "code": known.code, "message": known.message, "facts": known.facts}
    os.write(pipe, json.dumps(told, default=str).encode())


def end_by_force(worker: Worker) -> None:
    """Kill the process, if there is one, and let go of its pipe."""
    if worker.pid:
        os.kill(worker.pid, signal.SIGKILL)
        _, worker.status = os.waitpid(worker.pid, 0)
        worker.pid = 0
    worker.hang_up()


def how(status: int) -> str:
    """How a process has ended, from what waitpid says of it."""
    code = os.waitstatus_to_exitcode(status)
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"status {code}"
