"""The course of a check: which steps a target takes, in which order, and which of them a failure leaves out. Layer 13.

A step is a function of the visit and of the Step that it fills: facts, `warn`, `fail`; what it raises fails the step.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from microhttps.errors import MicrohttpsError

from . import asking, chains, clocks, mail, mqtt, naming, plain, reaching, shaking, websockets
from .findings import FAILED, Report, Step
from .target import HTTP, IMAP, MQTT, NOTHING, PLAIN, SMTP, STARTTLS, WEBSOCKET, Target
from .visit import Options, Visit

NAME, TCP, START, HANDSHAKE, CHAIN, HOST, CLOCK = "name", "TCP", "STARTTLS", "TLS", "chain", "host name", "clock"
Examine = Callable[[Visit, Step], None]
INSIDE: dict[str, Examine] = {HTTP: asking.examine, WEBSOCKET: websockets.examine, MQTT: mqtt.examine,
                              SMTP: mail.examine, IMAP: mail.examine}  # fmt: skip


@dataclass(frozen=True)
class Planned:
    """A step to be taken.

    `is_gate`: when it fails, nothing behind it can be reached. `is_further`: one behind all others, that needs no more
    than a server that can be connected to, and opens its own connections.
    """

    name: str
    examine: Examine
    is_gate: bool = True
    is_further: bool = False


class Silent:
    """Is told how far a check is, and says nothing; drawing has one that does."""

    def begin(self, name: str) -> None:
        """A step begins."""

    def end(self, step: Step) -> None:
        """A step has ended, or is not reached."""


def plan(target: Target) -> list[Planned]:
    """The steps of this target, in their order."""
    steps = [Planned(NAME, reaching.resolve), Planned(TCP, reaching.connect)]
    if target.begins == PLAIN:
        return [*steps, Planned(HTTP, plain.examine), Planned("HTTPS", plain.find_secure)]
    if target.begins == STARTTLS:
        steps.append(Planned(START, shaking.start))
    steps += [Planned(HANDSHAKE, shaking.shake), Planned(CHAIN, chains.examine, False),
              Planned(HOST, naming.examine, False), Planned(CLOCK, clocks.examine, False)]  # fmt: skip
    if target.speaks != NOTHING:
        steps.append(Planned(target.speaks, INSIDE[target.speaks]))
    return steps


def check(
    target: Target, options: Options, told: Silent | None = None, further: Sequence[Planned] = ()
) -> Report:
    """Take all steps, and then `further` ones; blocks, each step for some `options.timeout` at most.

    Raises UsageError for bad options.
    """
    told = told or Silent()
    visit = Visit(target, options)
    report = Report(target)
    try:
        _go(plan(target), visit, report, told)
    finally:
        visit.close()
    _go(further, visit, report, told)
    report.chain = visit.look.chain if visit.look else []
    return report


def _go(steps: Sequence[Planned], visit: Visit, report: Report, told: Silent) -> None:
    for planned in steps:
        step = Step(planned.name, report.target)
        report.steps.append(step)
        if _is_reachable(planned, report, visit):
            told.begin(planned.name)
            _take(planned, visit, step)
        told.end(step)


def _take(planned: Planned, visit: Visit, step: Step) -> None:
    step.is_reached = True
    try:
        planned.examine(visit, step)
    except MicrohttpsError as error:
        step.fail(error)


def _is_reachable(planned: Planned, report: Report, visit: Visit) -> bool:
    """Whether what it needs is there: every gate before it is passed, and nothing is said to who is not believed."""
    if planned.is_further:
        return visit.address is not None
    gates = {step.name for step in plan(report.target) if step.is_gate}
    if any(step.verdict == FAILED for step in report.steps if step.name in gates and step.name != planned.name):
        return False
    return planned.examine not in INSIDE.values() or visit.secure is not None
