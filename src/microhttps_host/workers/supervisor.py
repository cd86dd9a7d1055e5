"""Several processes that serve one application on one port, and the one that looks after them.

The supervisor loads nothing but what is common: it holds the port (SO_REUSEPORT, so that the system spreads newcomers
over the workers), makes the TLS context before it forks, whose ticket keys the workers so share, and waits. It runs no
event loop and serves nobody. What a worker is and does stands beside this file.
Knows processes and signals, and nothing of certificates or of what is printed. Layer 13.
"""

import asyncio
import contextlib
import gc
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from microhttps import Server
from microhttps.errors import MicrohttpsError, UsageError
from microhttps.port import system

from ..serving import Beside
from ..watching import Watch
from .worker import HEARD, Worker, end_by_force, how, say_why, serve

Tell = Callable[[str, Mapping[str, Any]], None]

START_SECONDS = 30.0  # the application is loaded by then, so that it is a matter of milliseconds
KILL_SECONDS = 2.0  # a worker that has not ended so long behind its stop_timeout is killed
# A worker that died comes again at once; one that dies again and again, later and later.
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0
GOOD_AGE = 5.0  # who has lived so long did not die of its start
STOP = {signal.SIGTERM, signal.SIGINT}
NOT_BEGUN = "a worker did not begin"


class Supervisor:
    """Starts the workers, starts others for those that die, passes signals on, and ends behind the last of them."""

    def __init__(
        self, server: Server, count: int, tell: Tell, watch: Watch | None = None, beside: Beside | None = None
    ) -> None:
        self._server = server
        self._beside = beside
        self._watch = watch
        self._tell = tell
        self._workers = [Worker() for _ in range(count)]
        self._held: list[Any] = []
        self._context: Any = None
        self._is_serving = False
        self._lifeline = (-1, -1)  # its end of writing closes with us: then the workers stop

    def run(self, on_ready: Callable[[], None], on_stopping: Callable[[], None]) -> int:
        """Serve until SIGTERM or SIGINT; the exit status: 1 if a worker had to be killed. Blocks.

        SIGHUP has all workers take up a renewed identity. Raises what hindered the first workers from beginning.
        """
        self._hold_ports()
        self._renew()
        self._lifeline = os.pipe()
        gc.collect()
        gc.freeze()  # so that collecting in a worker does not copy what all share
        ears, mouth = socket.socketpair()
        ears.setblocking(False)
        mouth.setblocking(False)
        before: dict[int, Any] = {number: signal.signal(number, _hear) for number in HEARD}
        signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
        try:
            return self._supervise(ears, on_ready, on_stopping)
        finally:
            for worker in self._workers:
                end_by_force(worker)
            signal.set_wakeup_fd(-1)
            for number, handler in before.items():
                signal.signal(number, handler)
            for end in (*self._held, ears, mouth):
                end.close()
            for number in self._lifeline:
                os.close(number)

    def _supervise(self, ears: socket.socket, on_ready: Callable[[], None], on_stopping: Callable[[], None]) -> int:
        for worker in self._workers:
            try:
                self._fork(worker)
            except OSError as error:
                raise UsageError("worker_failed", f"{NOT_BEGUN}: {_reason(error)}", cause=error) from None
        if self._await_first(ears):
            self._is_serving = True
            on_ready()
            while not STOP & self._hear(ears, self._seconds_to_next()):
                self._restart()
        on_stopping()
        return self._stop(ears)

    # beginning

    def _hold_ports(self) -> None:
        """Have the ports, which nobody else may have, for as long as workers come and go; raises NetworkError."""
        server = self._server
        server.settings.reuse_port = True
        server.port = self._hold(server.port)
        if server.settings.redirect_port is not None:
            server.settings.redirect_port = self._hold(server.settings.redirect_port)
        if self._beside:
            self._beside.hold(self._hold)

    def _hold(self, port: int) -> int:
        # A port that is shared is no longer refused because others of this user listen there. So ask first, unshared.
        system.bind(self._server.host, port).close()
        held = system.bind(self._server.host, port, True)
        self._held.append(held)
        return int(system.port_of(held, port))

    def _renew(self) -> None:
        """Make the TLS context, or have the one there is take up a renewed identity; raises UsageError, TrustError."""
        server = self._server
        if server.transport != "secure" or server.identity is None:
            return  # which the worker will say
        server.identity.check()
        make = server.settings.engine.server_context
        self._context = make(server.identity, server.trust, server.settings, self._context)

    def _await_first(self, ears: socket.socket) -> bool:
        """Wait until all are ready, True, or we are to stop, False; raises what hinders one of them."""
        deadline = time.monotonic() + START_SECONDS
        while not all(worker.is_ready for worker in self._workers):
            if STOP & self._hear(ears, deadline - time.monotonic()):
                return False
            for worker in self._workers:
                if not worker.pid:
                    raise worker.error() or UsageError("worker_failed", NOT_BEGUN, how=how(worker.status))
            if time.monotonic() > deadline:
                raise UsageError("worker_failed", NOT_BEGUN, seconds=START_SECONDS)
        return True

    def _fork(self, worker: Worker) -> None:
        """Start a process in this place; raises OSError when the system has no room for one."""
        pipe, pipe_of_worker = os.pipe()
        os.set_blocking(pipe, False)
        _flush()
        self._server.settings.prepared = self._context
        # What is sent to the worker before it can listen waits for it.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
        try:
            pid = os.fork()
            if pid == 0:
                os.close(pipe)
                self._be_worker(pipe_of_worker, mask)
        except OSError:
            os.close(pipe)
            raise
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            os.close(pipe_of_worker)
        worker.pid, worker.pipe, worker.said, worker.began = pid, pipe, b"", time.monotonic()

    def _be_worker(self, pipe: int, mask: Any) -> NoReturn:
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            # A Ctrl-C reaches us all at once; it is for the supervisor to say what follows from it.
            for number in (signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            for number in (signal.SIGTERM, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            os.close(self._lifeline[1])
            for other in self._workers:
                other.hang_up()
            for held in self._held:
                held.close()
            asyncio.run(serve(self._server, pipe, self._lifeline[0], self._watch, self._beside))
            status = 0
        except BaseException as error:  # the end of this process, and its last chance to say why
            say_why(pipe, error)
        finally:
            _flush()
            os._exit(status)

    # going on

    def _hear(self, ears: socket.socket, seconds: float) -> set[int]:
        """Wait so long for signals, which are given, for words and for deaths, which are noted."""
        pipes = {worker.pipe: worker for worker in self._workers if worker.pipe >= 0}
        waiting = select.poll()  # a `select` knows no number from 1024 on
        for number in (ears.fileno(), *pipes):
            waiting.register(number, select.POLLIN)
        ready = [number for number, _ in waiting.poll(1000 * max(0.0, seconds))]
        heard = set(ears.recv(4096)) if ears.fileno() in ready else set()
        for worker in [pipes[pipe] for pipe in ready if pipe in pipes]:
            worker.read()
        if STOP & heard:
            self._is_serving = False  # whoever is dead by now was told to stop with us
        for worker in self._workers:
            self._maybe_bury(worker)
        if signal.SIGHUP in heard:
            self._pass_renewal_on()
        return heard

    def _maybe_bury(self, worker: Worker) -> None:
        pid, status = os.waitpid(worker.pid, os.WNOHANG) if worker.pid else (0, 0)
        if not pid:
            return
        worker.read()
        worker.hang_up()
        worker.pid, worker.status = 0, status
        if not self._is_serving:
            return
        age = time.monotonic() - worker.began
        worker.deaths = 1 if age > GOOD_AGE else worker.deaths + 1
        pause = _pause_before_next(worker)
        facts = {"pid": pid, "how": how(status), "error": worker.error(), "then": f"another begins in {pause:g} s"}
        self._tell("worker_ended", facts)

    def _restart(self) -> None:
        due = [worker for worker in self._workers if not worker.pid and time.monotonic() >= worker.due]
        if due:
            self._maybe_renew()
        for worker in due:
            try:
                self._fork(worker)
            except OSError as error:  # no room now, and those that serve go on
                worker.deaths += 1
                then = f"again in {_pause_before_next(worker):g} s"
                self._tell("worker_not_started", {"why": _reason(error), "then": then})
            else:
                self._tell("worker_started", {"pid": worker.pid})

    def _seconds_to_next(self) -> float:
        return min((worker.due - time.monotonic() for worker in self._workers if not worker.pid), default=3600.0)

    def _maybe_renew(self) -> None:
        """Let workers that are still to come begin with the identity as it is now, if it is good."""
        try:
            self._renew()
        except MicrohttpsError:
            pass  # the old one stays, and the workers that there are say what is wrong

    def _pass_renewal_on(self) -> None:
        self._maybe_renew()
        for worker in self._workers:
            if worker.is_ready:
                os.kill(worker.pid, signal.SIGHUP)

    # ending

    def _stop(self, ears: socket.socket) -> int:
        """Have the workers end what is in progress; kill those that do not, and all at a second signal."""
        patience = self._server.settings.stop_timeout + KILL_SECONDS
        deadline = time.monotonic() + patience
        for worker in self._workers:
            worker.status = 0
            if worker.pid:
                os.kill(worker.pid, signal.SIGTERM)
        while any(worker.pid for worker in self._workers):
            if STOP & self._hear(ears, deadline - time.monotonic()) or time.monotonic() >= deadline:
                break
        for worker in self._workers:
            if worker.pid:
                self._tell("worker_killed", {"pid": worker.pid, "why": "it had not ended"})
                end_by_force(worker)
        # A worker that had not begun ends by the signal itself: it has nothing in progress.
        return int(any(worker.status not in (0, signal.SIGTERM) for worker in self._workers))


def _pause_before_next(worker: Worker) -> float:
    """Seconds until another shall begin in this place, which are noted there."""
    pause = min(FIRST_PAUSE * 2.0 ** (worker.deaths - 1), LONGEST_PAUSE)
    worker.due = time.monotonic() + pause
    return pause


def _flush() -> None:
    with contextlib.suppress(OSError):  # who has read us is gone
        sys.stdout.flush()
        sys.stderr.flush()


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _hear(number: int, frame: object) -> None:
    """A signal has come: that it is a byte for `ears` now is all it is for."""
