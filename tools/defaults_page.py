"""Writes docs/defaults.md from the limits in src/microhttps: names, defaults, and the reasons that are comments there.

    python tools/defaults_page.py          writes it (make docs)
    python tools/defaults_page.py --check  fails when it is not what would be written

A default and its reason are written once, beside each other, in the file that is imported.
"""

import ast
import sys
from collections.abc import Iterator
from typing import Any

from made_page import ROOT, write_or_check

SOURCES = ("limits.py", "tls_limits.py", "client_limits.py", "websocket_limits.py")
PAGE = ROOT / "docs" / "defaults.md"
HEAD = """# Defaults

Made from `limits.py`, `tls_limits.py`, `client_limits.py` and `websocket_limits.py` in `src/microhttps` by `make docs`;
a test compares them. Change it there.

Every setting is a keyword argument of `Server` or `Client`, as in `Server(identity, max_open_sockets=8)`; a name that
is none of these is refused. "Board" is MicroPython, "computer" is CPython. Times are seconds, lengths are bytes.
Besides, `engine` names another TLS library on a computer ([engines](engines.md)).
"""
TABLES = {"SERVER": "Server", "SERVER_TLS": "Server, its TLS", "CLIENT": "Client", "WEBSOCKET": "WebSocket, of both"}


def page() -> str:
    """The whole page as it should be."""
    parts = [HEAD]
    for name in SOURCES:
        path = ROOT / "src" / "microhttps" / name
        parts += _tables(path.read_text()) if path.exists() else []
    return "\n".join(parts)


def _tables(text: str) -> Iterator[str]:
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in TABLES:
            assert isinstance(node.value, ast.Dict)
            yield f"## {TABLES[node.targets[0].id]}\n"
            yield "| setting | board | computer | why |\n|---|---|---|---|"
            yield from _rows(node.value, text.splitlines())
            yield ""


def _rows(table: ast.Dict, lines: list[str]) -> Iterator[str]:
    for key, value in zip(table.keys, table.values):
        assert key is not None
        name = ast.literal_eval(key)
        board, computer = eval(compile(ast.Expression(value), "limits", "eval"))
        yield f"| `{name}` | {_shown(name, board)} | {_shown(name, computer)} | {_comment_above(key.lineno, lines)} |"


def _comment_above(number: int, lines: list[str]) -> str:
    """The comment that ends on the line before the one with this number (counted from 1)."""
    said: list[str] = []
    for line in reversed(lines[: number - 1]):
        if not line.strip().startswith("#"):
            break
        said.insert(0, line.strip().lstrip("# "))
    return " ".join(said).replace("|", "\\|")


def _shown(name: str, value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "none", True: "on", False: "off"}[value]
    if isinstance(value, tuple):
        return ", ".join(f"`{part}`" for part in value)
    if isinstance(value, str):
        return f"`{value}`"
    if name.endswith(("_timeout", "_interval")):
        return f"{value} s"
    for unit, size in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if name.endswith(("_length", "_outgoing")) and value >= size and value % size == 0:
            return f"{value // size} {unit}"
    return f"{value}"


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, page(), "the limits say", sys.argv[1:]))
