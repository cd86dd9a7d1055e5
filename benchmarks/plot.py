"""The picture for the README: one bar for each server, as SVG written by hand.

It carries its own colours for light and for dark pages and uses the reader's fonts. Pure: figures in, text out.
"""

from typing import Any
from xml.sax.saxutils import escape

from .targets import full_rate

WIDTH = 760
MARGIN = 16
LABELS = 190
FIGURES = 80
BAR = 16
ROW = 24
TITLE = 34
GAP = 18

STYLE = """
text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #24292f; }
.title { font-weight: 600; font-size: 14px; }
.ours { font-weight: 600; }
.note { fill: #656d76; font-size: 12px; }
rect { fill: #afb8c1; }
rect.ours { fill: #1a7f37; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .note { fill: #8d96a0; }
  rect { fill: #57606a; }
  rect.ours { fill: #3fb950; }
}
"""

Bars = list[tuple[str, float, bool]]


def draw(results: dict[str, Any]) -> str:
    """The whole picture: a panel for each kind of figure this run has."""
    top, parts = MARGIN, []
    for title, bars in _panels(results):
        parts.append(_panel(top, title, bars))
        top += TITLE + ROW * len(bars) + GAP
    note = f"Same run, same machine, one core for the server. {results['date']}, {results['openssl']}."
    parts.append(_text(MARGIN, top, note, "note"))
    height = top + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
        f' role="img" aria-label="Benchmarks of microhttps beside its peers">\n'
        f"<style>{STYLE}</style>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def _panels(results: dict[str, Any]) -> list[tuple[str, Bars]]:
    rows = results.get("cpython", [])
    boards = results.get("micropython", [])
    heap = results.get("memory", {})
    clients = results.get("clients", {}).get("cpython", [])
    roots = results.get("clients", {}).get("roots", {})
    panels = [
        ("CPython, HTTPS keep-alive: requests a second of a core", _most_first(_rates(rows, "keep_alive"))),
        ("CPython, HTTPS: new connections a second of a core", _most_first(_rates(rows, "new_connections"))),
        (
            "CPython: memory of an idle TLS connection, KB (less is better)",
            _least_first(
                [(row["name"], row["idle_bytes"] / 1024, row["is_ours"]) for row in rows if "idle_bytes" in row]
            ),
        ),
        (
            "MicroPython, HTTPS: requests a second",
            [
                (f"{row['name']}, {row['board']}", row["keep_alive"], row["name"] == "microhttps")
                for row in boards
                if "keep_alive" in row
            ],
        ),
        (
            "32-bit MicroPython: smallest heap for 8 TLS connections, KB (less is better)",
            [
                (name, heap[key], name == "microhttps")
                for name, key in (("microhttps", "smallest_heap"), ("microdot", "smallest_heap_microdot"))
                if key in heap
            ],
        ),
        (
            "Clients on CPython: processor time to the first verified answer, ms (less is better)",
            _least_first([(row["name"], row["first_busy"] * 1000, row["is_ours"]) for row in clients
                          if "first_busy" in row]),
        ),
        ("Clients on CPython, HTTPS keep-alive: requests a second of a core", _most_first(
            [(row["name"], row["keep_alive_full"], row["is_ours"]) for row in clients if "keep_alive_full" in row])),
        (
            "32-bit MicroPython: memory of a verified request, KB (less is better)",
            [(name, roots[key] / 1024, is_ours) for name, key, is_ours in (
                ("the one root needed", "one_root", True), ("all roots loaded", "all_roots", False)) if key in roots],
        ),
    ]
    return [(title, bars) for title, bars in panels if bars]


def _rates(rows: list[Any], load: str) -> Bars:
    found = [(row["name"], full_rate(row, load), row["is_ours"]) for row in rows]
    return [(name, rate, is_ours) for name, rate, is_ours in found if rate is not None]


def _least_first(bars: Bars) -> Bars:
    return sorted(bars, key=lambda bar: bar[1])


def _most_first(bars: Bars) -> Bars:
    return sorted(bars, key=lambda bar: -bar[1])


def _panel(top: int, title: str, bars: Bars) -> str:
    most = max(figure for _, figure, _ in bars)
    lines = [_text(MARGIN, top + 14, title, "title")]
    for number, (name, figure, is_ours) in enumerate(bars):
        lines.append(_bar(top + TITLE + ROW * number, name, figure, figure / most, "ours" if is_ours else ""))
    return "\n".join(lines)


def _bar(top: int, name: str, figure: float, share: float, kind: str) -> str:
    left = MARGIN + LABELS
    width = max(1.0, share * (WIDTH - left - FIGURES - MARGIN))
    shown = f"{figure:,.0f}" if figure >= 100 or figure == int(figure) else f"{figure:.1f}"
    return "\n".join(
        (
            _text(MARGIN, top + 13, name, kind),
            f'<rect class="{kind}" x="{left}" y="{top}" width="{width:.1f}" height="{BAR}" rx="2"/>',
            _text(left + width + 8, top + 13, shown, kind),
        )
    )


def _text(left: float, baseline: float, words: str, kind: str) -> str:
    return f'<text class="{kind}" x="{left:.1f}" y="{baseline}">{escape(words)}</text>'
