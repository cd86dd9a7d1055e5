"""What `microhttps check` shows of many targets: how far it is, a table at the end, and for programs a line for each.

Prints, as `render` does. Layer 13.
"""

import json
from collections import Counter
from collections.abc import Iterable

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from ..check.findings import FAILED, OK, WARNING
from ..check.many import Row
from .render import printable
from .render_check import STYLES, version_shown

WORST_FIRST = (FAILED, WARNING, OK)


def streamed(rows: Iterable[Row]) -> list[str]:
    """A line of JSON for each, as it comes; gives the verdicts that there were."""
    verdicts = set()
    for row in rows:
        print(json.dumps(row.told()), flush=True)
        verdicts.add(row.verdict)
    return sorted(verdicts)


def tabled(rows: Iterable[Row], total: int | None) -> list[str]:
    """A bar while they come and a table at the end, the worst first; gives the verdicts that there were."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    found: list[Row] = []
    try:
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("", total=total)
            for row in rows:
                found.append(row)
                bar.update(task, advance=1, description=printable(row.target)[:40])
    finally:
        _table(found)  # also of what was found before somebody lost patience
    return sorted({row.verdict for row in found})


def _table(rows: list[Row]) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("target", "verdict", "why", "TLS", "expires", "ms"):
        table.add_column(column, overflow="fold", justify="right" if column == "ms" else "left")
    for row in sorted(rows, key=lambda row: WORST_FIRST.index(row.verdict)):
        why = f"{row.step}: {row.code}" if row.code else ""
        table.add_row(Text(printable(row.target)), Text(row.verdict, STYLES[row.verdict]), why,
                      version_shown(row.version or ""), (row.expires or "")[:10], str(row.milliseconds))  # fmt: skip
    console = Console(highlight=False)
    console.print(table)
    counts = Counter(row.verdict for row in rows)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in WORST_FIRST if counts[verdict])
    console.print(f"\n{len(rows)} checked: {told or 'none'}", soft_wrap=True)
    worst = next((row for row in rows if row.verdict == FAILED), None)
    if worst:
        step = f"microhttps check {printable(worst.target)}"
        console.print(Text.assemble(("next:  ", "bold"), step, "   says why, step by step"), soft_wrap=True)
