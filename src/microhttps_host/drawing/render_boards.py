"""What `microhttps check --board` shows: one board in full, all of them as a table, and which there are.

Prints, as `render` does; what a server has said is escaped. Layer 13.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..check.boards import OnBoards
from ..check.findings import Report
from ..probing.flight import Flight
from ..profiles.profile import FULL, Profile
from ..profiles.verdict import Reason, Verdict
from .render import printable

LABEL_WIDTH = 13


def told(report: Report, boards: OnBoards | None, files: Sequence[Path]) -> None:
    """One object for a program: the check from here, and the boards."""
    beside = boards.told() if boards else {"this_machine": None, "boards": []}
    print(json.dumps({**report.told(), **beside, "files": [str(path) for path in files]}, default=str), flush=True)


def one(boards: OnBoards) -> None:
    """The verdict on one board, why, what to do, and what it does not look at."""
    console = Console(highlight=False, soft_wrap=True)
    [verdict] = boards.verdicts
    profile = verdict.profile
    says, style = ("would connect", "green") if verdict.connects else ("would not connect", "red")
    console.print(Text.assemble("\n", (profile.name, "bold"), f"  {profile.what}, {profile.library}"))
    console.print(Text.assemble((says, f"bold {style}"), f"  {printable(_beside(verdict, boards.ours))}"))
    for reason in verdict.reasons:
        _reason(console, reason, "red")
    for reason in verdict.warnings:
        _reason(console, reason, "yellow")
    for label, text in _rows(verdict):
        console.print(Text.assemble((label.ljust(LABEL_WIDTH), "dim"), printable(text)))


def all_of_them(boards: OnBoards) -> None:
    """A table: a line for each board."""
    table = Table(box=None, pad_edge=False)
    for column in ("board", "connects", "why not", "RAM", "what it says"):
        table.add_column(column, overflow="fold", justify="right" if column == "RAM" else "left")
    for verdict in boards.verdicts:
        says = Text("yes", "green") if verdict.connects else Text("no", "red")
        why = verdict.reasons[0].why if verdict.reasons else _agreed(verdict.flight)
        table.add_row(verdict.profile.name, says, verdict.step, _kilobytes(verdict.memory), Text(printable(why)))
    console = Console(highlight=False)
    console.print()
    console.print(table)
    console.print(f"\nthis machine: {printable(_agreed(boards.ours))}", soft_wrap=True)
    console.print(Text.assemble(("next:  ", "bold"), "--board NAME   says of one what to do"), soft_wrap=True)


def known(profiles: Sequence[Profile], is_json: bool) -> None:
    """Which boards there are."""
    if is_json:
        told = [{"board": one.name, "what": one.what, "library": one.library} for one in profiles]
        print(json.dumps({"boards": told}))
        return
    table = Table(box=None, pad_edge=False)
    for column in ("board", "what", "TLS", "library"):
        table.add_column(column, overflow="fold")
    for profile in profiles:
        table.add_row(profile.name, profile.what, profile.versions, profile.library)
    Console(highlight=False).print(table)


def _reason(console: Console, reason: Reason, style: str) -> None:
    line = Text.assemble((f"{reason.step} ".ljust(LABEL_WIDTH), "bold"), (printable(reason.why), style))
    line.append(f"  [{reason.code}]", "dim")
    console.print(line)
    for label, text in (("server: ", reason.server), ("board: ", reason.board)):
        if text:
            console.print(Text.assemble(" " * LABEL_WIDTH, (label, "bold"), printable(text)))


def _rows(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """What is told of a board whatever the verdict is."""
    profile, memory = verdict.profile, verdict.profile.memory
    free = f", of {memory.free // 1024} KB before the program begins" if memory.free else ""
    yield "RAM", f"about {_kilobytes(verdict.memory)} in the handshake, {_kilobytes(memory.connection)} after it{free}"
    yield "", f"from {memory.where}"
    seen = f"up to {verdict.longest_record} bytes were seen" if verdict.longest_record else "none was seen"
    yield "records", f"{seen}; it holds {'any' if profile.record >= FULL else f'up to {profile.record}'}"
    yield "believes", profile.trust
    for number, text in enumerate(profile.unchecked):
        yield "" if number else "looks not at", text
    yield "clock", profile.clock
    for number, text in enumerate((*profile.sources, memory.source)):
        yield "" if number else "known from", text


def _kilobytes(count: int) -> str:
    return f"{count // 1024} KB"


def _beside(verdict: Verdict, ours: Flight) -> str:
    """What board and server agree upon, and where this machine differs."""
    agreed, here = _agreed(verdict.flight), _agreed(ours)
    return f"{agreed}; this machine: {'the same' if agreed == here else here}"


def _agreed(flight: Flight) -> str:
    if not flight.is_answered:
        return f"nothing agreed ({flight.alert_name or flight.detail})"
    names = (flight.version_name, flight.suite_name, flight.group_name, flight.scheme_name)
    return ", ".join(name for name in names if name)
