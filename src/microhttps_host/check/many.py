"""Many targets at once, each briefly: a bounded number of them at a time, and nothing is kept but a row of each.

What is to be checked is read as it is needed, and rows are given as they are ready; both wait in short queues, so that
a million targets take no more memory than a hundred. Layer 13.
"""

import queue
import re
import resource
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from microhttps.errors import UsageError

from .course import CHAIN, HANDSHAKE, check
from .findings import PARTS, Finding, Report, Step
from .target import Target, read_target, without_password
from .visit import Options

WORKERS, MOST_WORKERS = 32, 256
OUR_FILES, FILES_EACH = 32, 3  # that are open: of the program, and of each target (socket, resolver, authority)
COMMENT = re.compile(r"(?:^|\s)#")  # within a word it begins a fragment
MARK = "\ufeff"  # what some editors begin a file with
PATIENCE = 0.2  # seconds between two looks whether somebody still wants the rows


@dataclass(frozen=True)
class Row:
    """What is kept of one check."""

    target: str
    verdict: str
    code: str | None
    step: str | None
    version: str | None
    expires: str | None
    milliseconds: int
    sentences: tuple[str, ...]

    def told(self) -> dict[str, Any]:
        return {"target": self.target, "verdict": self.verdict, "code": self.code, "step": self.step,
                "version": self.version, "expires": self.expires, "milliseconds": self.milliseconds,
                **dict(zip(PARTS, self.sentences))}  # fmt: skip


def targets_in(lines: Iterable[str]) -> Iterator[str]:
    """One target a line; empty lines are none, nor is what begins with # or stands behind a blank and a #."""
    for line in lines:
        text = COMMENT.split(line.removeprefix(MARK), maxsplit=1)[0].strip()
        if text:
            yield text


def check_many(texts: Iterable[str], options: Options, workers: int = WORKERS) -> Iterator[Row]:
    """A Row for each target, in the order in which they are ready; raises what reading `texts` raises.

    No more at a time than there is room for: a target that finds no descriptor is none that fails.
    """
    crew = _Crew(texts, replace(options, is_brief=True), min(workers, _most_workers()))
    try:
        yield from crew.rows()
    finally:
        crew.stop()


def _most_workers() -> int:
    """For how many there are descriptors, when the limit is raised as far as we may."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OUR_FILES + FILES_EACH * MOST_WORKERS
    limit = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return max(1, (limit - OUR_FILES) // FILES_EACH)


def row_of(text: str, options: Options) -> Row:
    """The row of one check; what is no target is a row, too."""
    begun = time.monotonic()
    try:
        target = read_target(text)
    except UsageError as error:
        step = Step("target", Target(without_password(text), "tls", "", 0, "", ""))
        step.fail(error)
        report = Report(step.target, [step])
    else:
        report = check(target, options)
    return _row(report, round(1000 * (time.monotonic() - begun)))


def _row(report: Report, milliseconds: int) -> Row:
    first = report.findings[0] if report.findings else None
    handshake, chain = report.step(HANDSHAKE), report.step(CHAIN)
    certificates = chain.facts.get("certificates") if chain else None
    return Row(report.target.text, report.verdict, report.code, _step_of(report, first),
               handshake.facts.get("version") if handshake else None,
               certificates[0].get("not_after") if certificates else None,
               milliseconds, first.sentences if first else ())  # fmt: skip


def _step_of(report: Report, finding: Finding | None) -> str | None:
    return next((step.name for step in report.steps if finding in step.findings), None)


class _Crew:
    """Threads that take targets from one queue and put rows into another."""

    def __init__(self, texts: Iterable[str], options: Options, workers: int) -> None:
        self._texts = texts
        self._options = options
        self._workers = workers
        self._todo: queue.Queue[str | None] = queue.Queue(2 * workers)
        self._done: queue.Queue[Row | BaseException | None] = queue.Queue(2 * workers)
        self._is_stopped = threading.Event()

    def rows(self) -> Iterator[Row]:
        for work in (self._feed, *[self._work] * self._workers):
            threading.Thread(target=work, daemon=True).start()
        left = self._workers
        while left:
            row = self._done.get()
            if isinstance(row, BaseException):
                raise row
            if row is None:
                left -= 1
            else:
                yield row

    def stop(self) -> None:
        """Nobody wants more rows; who works ends with the step that it is at."""
        self._is_stopped.set()

    def _feed(self) -> None:
        try:
            for text in self._texts:  # which may have no end
                if not self._put(self._todo, text):
                    return
        except Exception as error:  # raised again where the rows are read
            self._put(self._done, error)
        for _ in range(self._workers):
            self._put(self._todo, None)

    def _work(self) -> None:
        while (text := self._take()) is not None:
            try:
                self._put(self._done, row_of(text, self._options))
            except Exception as error:  # raised again where the rows are read
                self._put(self._done, error)
        self._put(self._done, None)

    def _take(self) -> str | None:
        """The next target, None when there is none or it is wanted no more; waits."""
        while not self._is_stopped.is_set():
            try:
                return self._todo.get(timeout=PATIENCE)
            except queue.Empty:
                continue
        return None

    def _put(self, where: "queue.Queue[Any]", what: Any) -> bool:
        """Whether it is there; waits, until it is wanted no more."""
        while not self._is_stopped.is_set():
            try:
                where.put(what, timeout=PATIENCE)
            except queue.Full:
                continue
            return True
        return False
