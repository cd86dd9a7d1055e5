"""What `microhttps ca lint` shows: who refuses what, why, and what to do. Prints, as `render` does. Layer 13."""

import json
from collections.abc import Sequence
from typing import Any

from cryptography import x509
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..authority.record import names_in
from ..lint.lint import Finding, Judged
from .render import printable


def judged(files: Sequence[Judged], engines: Sequence[str], is_json: bool) -> None:
    """A table for each file: a line for each rule that is broken; and the verdict."""
    if is_json:
        print(json.dumps({"files": [_facts(one, engines) for one in files]}))
        return
    for one in files:
        _file(one, engines)


def _file(one: Judged, engines: Sequence[str]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for certificate, role in one.certificates:
        console.print(Text.assemble((str(one.file), "bold"), f"  {role}: {printable(_called(certificate))}"))
    if one.findings:
        table = Table(box=None, pad_edge=False)
        for column in ("refused by", "because", "what to do"):
            table.add_column(column, overflow="fold")
        for found in one.findings:
            table.add_row(Text(", ".join(engine for engine in found.rule.refusing if engine in engines), "red"),
                          Text(_because(found)), Text(found.rule.cure))  # fmt: skip
        Console(highlight=False).print(table)
    refusing = one.refused_by(engines)
    taken = [engine for engine in engines if engine not in refusing]
    if refusing:
        console.print(Text.assemble(("refused by ", "red"), ", ".join(refusing)))
    if taken:
        console.print(Text.assemble(("taken by ", "green"), ", ".join(taken)))


def _because(found: Finding) -> str:
    detail = f" ({printable(found.detail)})" if found.detail else ""
    return f"{found.rule.what}{detail}  [{found.rule.code}]"


def _called(certificate: x509.Certificate) -> str:
    return ", ".join(names_in(certificate)) or certificate.subject.rfc4514_string() or "nobody"


def _facts(one: Judged, engines: Sequence[str]) -> dict[str, Any]:
    findings = [
        {"certificate": _called(found.certificate), "role": found.role, "code": found.rule.code,
         "refused_by": [engine for engine in found.rule.refusing if engine in engines], "what": found.rule.what,
         "detail": found.detail, "cure": found.rule.cure, "source": found.rule.source}
        for found in one.findings
    ]  # fmt: skip
    return {"file": str(one.file), "refused_by": one.refused_by(engines), "findings": findings}
