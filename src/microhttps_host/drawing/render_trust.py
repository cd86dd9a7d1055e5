"""What `microhttps ca trust` and `untrust` show: a line for each store, and what is left to do.

Prints, as `render` does. Layer 13.
"""

import json
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..system_trust.trusting import NOT_OURS, Outcome


def stores(outcomes: Sequence[Outcome], step: str, is_json: bool) -> None:
    """What came of it in each store."""
    if is_json:
        print(json.dumps({"stores": [_facts(outcome) for outcome in outcomes], "next": step}))
        return
    table = Table(box=None, pad_edge=False)
    for column in ("store", "of", "where", "our authority"):
        table.add_column(column, overflow="fold")
    for outcome in outcomes:
        store = outcome.store
        style = "yellow" if outcome.state == NOT_OURS else "green" if outcome.is_done else "bold yellow"
        table.add_row(store.kind, Text(store.whose), Text(store.where), Text(outcome.state, style))
    Console(highlight=False).print(table)
    console = Console(highlight=False, soft_wrap=True)
    for why in dict.fromkeys(outcome.why for outcome in outcomes if outcome.why):
        console.print(Text.assemble(("but:   ", "bold yellow"), why))
    commands = list(dict.fromkeys(outcome.command for outcome in outcomes if outcome.command))
    for command in commands or [step]:
        console.print(Text.assemble(("next:  ", "bold"), command))


def _facts(outcome: Outcome) -> dict[str, object]:
    return {
        "kind": outcome.store.kind, "of": outcome.store.whose, "where": outcome.store.where, "sha256": outcome.sha256,
        "state": outcome.state, "why": outcome.why or None, "command": outcome.command or None,
        "is_done": outcome.is_done,
    }  # fmt: skip
