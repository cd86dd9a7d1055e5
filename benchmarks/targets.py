"""What the project has set itself, and whether this run reached it. Pure: figures in, sentences out."""

import statistics
from dataclasses import dataclass
from typing import Any

# Two or three pages of a growing pool are no leak, nor is one connection that is not closed yet when we look; one lost
# object a request would be megabytes.
FLAT_PROCESS_BYTES = 128 * 1024
FLAT_HEAP_BYTES = 2 * 1024


@dataclass(frozen=True)
class Verdict:
    """One target: what was wanted, what came (None when it was not measured), whether that is enough."""

    text: str
    figure: float | None
    unit: str
    is_reached: bool


def judge(results: dict[str, Any]) -> list[Verdict]:
    """A verdict for every target whose room ran."""
    verdicts: list[Verdict] = []
    if "cpython" in results:
        verdicts += _judge_computer(results["cpython"])
    if "micropython" in results:
        for board in dict.fromkeys(row["board"] for row in results["micropython"]):
            verdicts += _judge_board(board, [row for row in results["micropython"] if row["board"] == board])
    if "memory" in results:
        verdicts += _judge_memory(results["memory"])
    if "clients" in results:
        verdicts += _judge_clients(results["clients"])
    for row in results.get("endurance", ()):
        verdicts += _judge_endurance(row)
    return verdicts


def _judge_computer(rows: list[Any]) -> list[Verdict]:
    peers = {row["name"]: row for row in rows if not row["is_ours"]}
    verdicts = []
    for ours in (row for row in rows if row["is_ours"]):
        for load, words in (("keep_alive", "keep-alive"), ("varied", "keep-alive, no head like another")):
            for peer, limit in (("granian", 1.5), ("nginx", 0.55)):
                ratio = _ratio(full_rate(ours, load), full_rate(peers[peer], load))
                verdicts.append(_at_least(f"{ours['name']}: {words} / {peer}", ratio, limit, "x"))
        # By the clock: what came about with a core for the server and one for the load. What the server's core could do
        # beside a load without limit is in the table, where granian's TLS library, which is not OpenSSL, is ahead.
        best = max((peer.get("new_connections", 0) for peer in peers.values()), default=0)
        share = _ratio(ours.get("new_connections"), best)
        verdicts.append(_at_least(f"{ours['name']}: new connections by the clock / best peer", share, 0.9, "x"))
        idle = _kilobytes(ours.get("idle_bytes"))
        verdicts.append(_at_most(f"{ours['name']}: idle TLS connection", idle, 17, "KB"))
    return verdicts


def full_rate(row: dict[str, Any], load: str) -> float | None:
    """Requests for each second the server's core was busy: what it could do under a load without limit.

    A server that is faster than the generator is idle part of the time; by the clock all such servers look alike.
    """
    return row.get(f"{load}_full")


def _judge_board(board: str, rows: list[Any]) -> list[Verdict]:
    ours, peer = ({row["name"]: row for row in rows}[name] for name in ("microhttps", "microdot"))
    kept = _ratio(ours.get("keep_alive"), peer.get("keep_alive"))
    new = _ratio(ours.get("new_connections"), peer.get("new_connections"))
    return [
        _at_least(f"{board} MicroPython: keep-alive / microdot", kept, 50, "x"),
        _at_least(f"{board} MicroPython: one request a connection / microdot", new, 0.9, "x"),
    ]


def _judge_memory(found: dict[str, Any]) -> list[Verdict]:
    where = f"{found['board']} MicroPython: "
    kept, idle = _kilobytes(found.get("import_server")), _kilobytes(found.get("idle_connection"))
    return [
        _at_most(where + "heap kept by the server's import", kept, 21, "KB"),
        _at_most(where + "smallest heap for 8 connections", found.get("smallest_heap"), 48, "KB"),
        _at_most(where + "heap of an idle connection", idle, 1.5, "KB"),
    ]


def _judge_clients(found: dict[str, Any]) -> list[Verdict]:
    rows = {row["name"]: row for row in found["cpython"]}
    ours = rows.pop("microhttps")
    others = [paired(ours, row, "first_busy") for row in rows.values()]
    first = max((one for one in others if one), default=None) if all(others) else None
    kept = paired(ours, rows["aiohttp"], "keep_alive_full")
    verdicts = [
        _at_most("client: first verified answer from a cold start / the quickest peer", first, 1, "x"),
        _at_least("client: keep-alive / aiohttp's client", kept, 1.5, "x"),
    ]
    for row in found["micropython"]:
        if row["board"] == "32-bit" and row["name"] == "microhttps":
            where = "32-bit MicroPython: heap beyond the import, verified request with one of all roots: "
            kept, small = row.get("heap_request"), row.get("smallest_request")
            more = small - row["smallest_import"] if small is not None else None
            verdicts.append(_at_most(where + "kept", _kilobytes(kept), 12, "KB"))
            verdicts.append(_at_most(where + "needed", more, 12, "KB"))
    return verdicts


def paired(ours: dict[str, Any], other: dict[str, Any], key: str) -> float | None:
    """The median of the ratios within each round: what disturbs a round disturbs both."""
    ratios = [one[key] / two[key] for one, two in zip(ours.get("rounds", ()), other.get("rounds", ()))]
    return statistics.median(ratios) if ratios else None


def _judge_endurance(row: dict[str, Any]) -> list[Verdict]:
    verdicts = []
    for kind, count in (("requests", row["requests"]), ("failures", row["failures"])):
        grown = row.get(f"grown_by_{kind}", {})
        name = f"{row['name']}: {count:,} {'requests' if kind == 'requests' else 'failed handshakes'}, grown by"
        verdicts.append(_at_most(name, _kilobytes(grown.get("bytes")), FLAT_PROCESS_BYTES / 1024, "KB"))
        verdicts.append(_at_most(name, grown.get("files"), 0, "files"))
        if "heap" in grown:
            verdicts.append(_at_most(name, grown["heap"], FLAT_HEAP_BYTES, "heap bytes"))
    return verdicts


def _at_least(text: str, figure: float | None, limit: float, unit: str) -> Verdict:
    return Verdict(f"{text} ≥ {limit:g} {unit}", figure, unit, figure is not None and figure >= limit)


def _at_most(text: str, figure: float | None, limit: float, unit: str) -> Verdict:
    return Verdict(f"{text} ≤ {limit:g} {unit}", figure, unit, figure is not None and figure <= limit)


def _ratio(figure: float | None, other: float | None) -> float | None:
    return figure / other if figure is not None and other else None


def _kilobytes(count: float | None) -> float | None:
    return None if count is None else count / 1024
