"""What a reader sees: tables in the terminal and the JSON file. Computes nothing but ratios for show."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .targets import Verdict, full_rate, paired

MODULES_SHOWN = 30


def show(console: Console, results: dict[str, Any], verdicts: list[Verdict]) -> None:
    """Print a table for each room that ran, then a line for each target."""
    console.print()
    if "cpython" in results:
        console.print(_computer_table(results["cpython"]))
        _print_troubles(console, results["cpython"])
    if "micropython" in results:
        console.print(_board_table(results["micropython"]))
        _print_troubles(console, results["micropython"])
    if "memory" in results:
        console.print(_memory_table(results["memory"]))
        for trouble in results["memory"].get("troubles", ()):
            console.print(f"[red]{escape(trouble)}[/]")
    if "clients" in results:
        for table in _client_tables(results["clients"]):
            console.print(table)
        _print_troubles(console, results["clients"]["cpython"] + results["clients"]["micropython"])
    if "endurance" in results:
        console.print(_endurance_table(results["endurance"]))
        _print_troubles(console, results["endurance"])
    for verdict in verdicts:
        console.print(_verdict_line(verdict))


def write_json(path: Path, results: dict[str, Any], verdicts: list[Verdict]) -> None:
    """Keep the whole run, with every round, as a file."""
    targets = [{"target": one.text, "figure": one.figure, "is_reached": one.is_reached} for one in verdicts]
    path.write_text(json.dumps({**results, "targets": targets}, indent=1, ensure_ascii=False) + "\n")


def _computer_table(rows: list[Any]) -> Table:
    title = (
        "CPython, HTTPS on one core: 13-byte answer, P-256, TLS 1.3; medians for a fully busy core, by the clock in ()"
    )
    columns = ("keep-alive req/s", "x granian", "x nginx", "no head alike", "new conn/s", "idle KB", "errors")
    table = _table(title, "server", *columns)
    reference = {row["name"]: full_rate(row, "keep_alive") for row in rows}
    for row in rows:
        kept = full_rate(row, "keep_alive")
        table.add_row(
            _name_and_version(row),
            _with_clock(row, "keep_alive"),
            _times(kept, reference.get("granian")),
            _times(kept, reference.get("nginx")),
            _with_clock(row, "varied"),
            _with_clock(row, "new_connections"),
            _kilobytes(row.get("idle_bytes")),
            _whole(_errors(row)),
            style="bold" if row["is_ours"] else None,
        )
    return table


def _board_table(rows: list[Any]) -> Table:
    title = "MicroPython (unix), HTTPS: 4 connections, both servers precompiled (medians)"
    table = _table(title, "server", "keep-alive req/s", "x microdot", "one req. a conn. /s", "x microdot", "errors")
    for row in rows:
        peer = next(other for other in rows if other["board"] == row["board"] and other["name"] == "microdot")
        table.add_row(
            f"{row['name']}, {row['board']} {row['version']}",
            _whole(row.get("keep_alive")),
            _times(row.get("keep_alive"), peer.get("keep_alive")),
            _whole(row.get("new_connections")),
            _times(row.get("new_connections"), peer.get("new_connections")),
            _whole(row.get("errors")),
            style="bold" if row["name"] == "microhttps" else None,
        )
    return table


def _memory_table(found: dict[str, Any]) -> Table:
    title = f"Heap on {found['board']} MicroPython {found['version']}; all precompiled"
    table = _table(title, "", "microhttps, built for a board", "file by file", "microdot")
    for words, name, unit in (
        ("kept by import, server", "import_server", "B"),
        ("kept by import, client", "import_client", "B"),
        ("kept while it answers", "serving", "B"),
        ("an idle TLS connection", "idle_connection", "B"),
        ("smallest heap, 8 connections", "smallest_heap", "KB"),
    ):
        theirs = "import_microdot" if name == "import_server" else f"{name}_microdot"
        table.add_row(words, *(_count(found, key, unit) for key in (name, f"{name}_as_it_is", theirs)))
    for name, kept in found.get("modules", ())[:MODULES_SHOWN]:
        table.add_row(f"  module {name}", "", f"{kept:,} B", "", style="dim")
    return table


def _client_tables(found: dict[str, Any]) -> list[Table]:
    columns = ("first answer, CPU ms", "x microhttps", "by the clock", "memory MB", "keep-alive req/s of CPU", "x")
    title = "Clients on CPython: one verified answer from a cold start; then from eight tasks at once"
    computer = _table(title, "client", *columns)
    ours = found["cpython"][0]
    for row in found["cpython"]:
        computer.add_row(
            _name_and_version(row),
            _milliseconds(row.get("first_busy")),
            _times(paired(row, ours, "first_busy"), 1),
            _milliseconds(row.get("first_clock")),
            _whole(row["first_memory"] / 2**20 if "first_memory" in row else None),
            _whole(row.get("keep_alive_full")),
            _times(paired(row, ours, "keep_alive_full"), 1),
            style="bold" if row["is_ours"] else None,
        )
    columns = ("first answer, CPU ms", "req/s", "kept by import", "by a request", "smallest heap", "for the import")
    title = "Clients on MicroPython (requests is frozen in the firmware, verifies nothing and keeps no connection)"
    small = _table(title, "client", *columns)
    for row in found["micropython"]:
        counts = (_count(row, "heap_import"), _count(row, "heap_request"), _count(row, "smallest_request", "KB"),
                  _count(row, "smallest_import", "KB"))  # fmt: skip
        name = f"{row['name']}, {row['board']} {row['version']}"
        first, rate = _milliseconds(row.get("first_busy")), _whole(row.get("keep_alive"))
        small.add_row(name, first, rate, *counts, style="bold" if row["name"] == "microhttps" else None)
    roots = found["roots"]
    table = _table(f"Public roots on {roots['board']} MicroPython", "", "the one that is needed", "all loaded")
    table.add_row("memory with a connection open", _count(roots, "one_root"), _count(roots, "all_roots"))
    table.add_row("first pass, ms", f"{roots['first_pass_ms']:.1f}", "")
    table.add_row("second pass, ms", f"{roots['second_pass_ms']:.1f}", "")
    return [computer, small, table]


def _endurance_table(rows: list[Any]) -> Table:
    table = _table("Growth after a warm-up", "server", "by", "process", "heap", "open files")
    for row in rows:
        for kind, label in (("requests", "requests"), ("failures", "failed handshakes")):
            grown = row.get(f"grown_by_{kind}", {})
            process, heap, files = _count(grown, "bytes"), _count(grown, "heap"), _count(grown, "files", "")
            table.add_row(row["name"], f"{row[kind]:,} {label}", process, heap, files)
    return table


def _print_troubles(console: Console, rows: list[Any]) -> None:
    for row in rows:
        if "trouble" in row:
            console.print(f"[red]{escape(row['name'])}: {escape(row['trouble'])}[/]")


def _verdict_line(verdict: Verdict) -> str:
    word = "[green]reached[/]" if verdict.is_reached else "[red]missed [/]"
    figure = "not measured" if verdict.figure is None else f"{_short(verdict.figure)} {verdict.unit}"
    return f"{word}  {escape(verdict.text)}: {figure}"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table


def _name_and_version(row: dict[str, Any]) -> str:
    return str(row["name"]) if row["is_ours"] else f"{row['name']} {row['version']}"


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if abs(figure) >= 100 or figure == int(figure) else f"{figure:.3g}"


def _whole(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:,.0f}"


def _times(figure: float | None, other: float | None) -> str:
    return "–" if figure is None or not other else f"{figure / other:.2f}"


def _with_clock(row: dict[str, Any], load: str) -> str:
    return "–" if load not in row else f"{_whole(full_rate(row, load))} ({_whole(row[load])})"


def _milliseconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds * 1000:.0f}"


def _errors(row: dict[str, Any]) -> float | None:
    found = [row[key] for key in row if key.endswith("_errors")]
    return sum(found) if found else None


def _kilobytes(count: float | None) -> str:
    return "–" if count is None else f"{count / 1024:.1f}"


def _count(found: dict[str, Any], name: str, unit: str = "B") -> str:
    return f"{found[name]:,.0f} {unit}".rstrip() if name in found else "–"
