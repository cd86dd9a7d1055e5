"""Writes what docs/engines.md says of each engine: what it can, and the memory it takes, between two marks.

    python tools/engines_page.py          writes it (make docs)
    python tools/engines_page.py --check  fails when it is not what would be written

What an engine can is read from its CAN and REASONS, without loading it; tests/engines holds them to what happens. The
memory was measured by `make bench ARGS="--only engines --save"`, and is kept in docs/engine-memory.json.
"""

import ast
import json
import sys
import textwrap
from typing import Any

from made_page import ROOT, write_or_check

PAGE = ROOT / "docs" / "engines.md"
MEMORY = ROOT / "docs" / "engine-memory.json"
FOLDER = ROOT / "src" / "microhttps" / "engines"
BEGIN, END = "<!-- made by tools/engines_page.py -->\n", "<!-- end of what is made -->\n"

# engine: the modules that say what it can, and what is not a matter of yes and no
ENGINES: dict[str, tuple[str, ...]] = {
    "openssl": ("openssl/engine",),
    "micropython": ("micropython/abilities", "micropython/reasons"),
    "mbedtls": ("mbedtls/engine",),
    "bearssl": ("bearssl/engine",),
}
FACTS: dict[str, tuple[str, str, str, str]] = {
    "library": ("OpenSSL, CPython's own", "Mbed TLS, the firmware's", "Mbed TLS 2.28 (python-mbedtls 2.10)",
                "BearSSL 0.6, the system's"),
    "TLS versions": ("1.2, 1.3", "1.2, 1.3 where the firmware has it", "1.2", "1.2"),
    "chain, dates, use": ("library", "library", "library", "library; use: we"),
    "host name": ("library", "library, then we", "library, then we", "we"),
    "address": ("library", "library, then we", "we", "we"),
    "name constraints": ("library", "we; refused where critical", "we; refused where critical",
                         "we; refused where critical"),
}  # fmt: skip
ABILITIES = {
    "client_certificate": "mutual TLS: required and optional client certificates",
    "peer_certificate": "the peer's certificate is shown to handlers and callers",
    "identities": "`identities`: a certificate for each name (SNI)",
    "alpn": "`alpn`",
    "ciphers": "`ciphers`",
    "curves": "`curves`",
    "minimum_tls": "`minimum_tls=\"1.3\"`",
    "maximum_tls": "`maximum_tls`",
    "session_tickets": "sessions are resumed",
    "close_notify": "says good-bye (close_notify)",
    "handshake_end": "a server sees the end of a handshake",
    "encrypted_key": "encrypted private keys",
    "public_roots": "public roots are found within one handshake",
    "system_trust": "`Trust.system()`",
    "crl": "lists of revoked certificates (`crl=`)",
    "workers": "several processes (`microhttps serve --workers`)",
}  # fmt: skip
# What only some can by their nature, and how the others do without.
INSTEAD = {("micropython", "public_roots"): "two handshakes", ("micropython", "workers"): "–",
           ("mbedtls", "encrypted_key"): "in the traditional form"}  # fmt: skip


def page() -> str:
    """The whole page as it should be: what is between the marks, made anew."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + abilities() + memory() + END + after


def abilities() -> str:
    """The table of what each engine can."""
    known = {engine: _constants(modules) for engine, modules in ENGINES.items()}
    lines = ["| | " + " | ".join(f"`{engine}`" for engine in ENGINES) + " |", "|---" * (len(ENGINES) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(facts) + " |" for name, facts in FACTS.items()]
    notes: list[str] = []
    for ability, words in ABILITIES.items():
        cells = [_cell(engine, ability, known[engine], notes) for engine in ENGINES]
        lines.append(f"| {words} | " + " | ".join(cells) + " |")
    return "\n".join(lines + [""] + [f"{number}. {note}" for number, note in enumerate(notes, 1)]) + "\n"


def _constants(modules: tuple[str, ...]) -> dict[str, Any]:
    """CAN and REASONS as these modules have them."""
    found: dict[str, Any] = {"REASONS": {}}
    for module in modules:
        for node in ast.parse((FOLDER / f"{module}.py").read_text()).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                if node.targets[0].id in ("CAN", "REASONS"):
                    found[node.targets[0].id] = ast.literal_eval(node.value)
    return found


def _cell(engine: str, ability: str, known: dict[str, Any], notes: list[str]) -> str:
    if (engine, ability) in INSTEAD:
        return INSTEAD[engine, ability]
    if ability in known["CAN"] or ability == "workers" and ability not in known["REASONS"]:
        return "yes"
    reason = known["REASONS"].get(ability)
    if reason is None:
        return "no"
    if reason not in notes:
        notes.append(reason)
    return f"no ({notes.index(reason) + 1})"


def memory() -> str:
    """The table of what a connection costs a server, beside the figures of others."""
    if not MEMORY.exists():
        return ""
    saved = json.loads(MEMORY.read_text())
    lines = ["", "## Memory of a connection", "", textwrap.fill(saved["how"], 120), "",
             "| server | idle | in the middle of its handshake |", "|---|---|---|"]
    for row in saved["rows"]:
        lines.append(f"| {row['name']} | {_kilobytes(row['idle'])} | {_kilobytes(row['handshake'])} |")
    return "\n".join(lines) + "\n"


def _kilobytes(value: Any) -> str:
    return value if isinstance(value, str) else f"{value / 1024:.1f} KB"


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, page(), "the engines say", sys.argv[1:]))
