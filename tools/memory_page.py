"""Writes the table of docs/memory.md from docs/memory.json: what each part of the runtime keeps on a small board.

    python tools/memory_page.py            writes it (make docs)
    python tools/memory_page.py --check    fails when it is not what would be written

The figures are measured by `python -m benchmarks.parts --save`, on 32-bit MicroPython, and those of connections by
`make bench ARGS=--save`.
"""

import json
import sys
from typing import Any

from made_page import ROOT, write_or_check

PAGE, SAVED, BENCH = (ROOT / "docs" / name for name in ("memory.md", "memory.json", "benchmarks.json"))
BEGIN, END = "<!-- from memory.json -->\n", "<!-- as far as here -->\n"


def page() -> str:
    """The whole page as it should be."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    return before + BEGIN + "\n" + table(json.loads(SAVED.read_text())) + "\n" + END + rest.partition(END)[2]


def table(saved: dict[str, Any]) -> str:
    """What was measured, as a table; and when."""
    bench = json.loads(BENCH.read_text())["memory"]
    shown = {"an idle connection": bench["idle_connection"], **saved["parts"]}
    order = sorted(shown, key=lambda name: name.startswith("+"))
    rows = [f"| {name} | {_kilobytes(shown[name])} |" for name in order]
    told = f"Measured on {saved['date']} with MicroPython {saved['version']}, 32-bit, in the runtime that `push` makes."
    return "\n".join(["| what | heap it keeps |", "|---|---|", *rows, "", told, ""])


def _kilobytes(number: float) -> str:
    return f"{number / 1024:.1f} KB"


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, page(), "docs/memory.json says", sys.argv[1:]))
