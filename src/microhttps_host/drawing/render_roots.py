"""What `microhttps roots` shows: tables and trees for people, JSON for programs. Prints, as `render` does.

Layer 13.
"""

import datetime
import json
from pathlib import Path
from typing import Any

from cryptography import x509
from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from microhttps.roots import RootStore

from ..authority.key_kinds import described as described_key
from ..authority.record import key_identifier
from ..root_store import described
from .render import printable


def facts_of(certificate: x509.Certificate, name: str) -> dict[str, Any]:
    """What a program is told of a root or of a certificate."""
    return {"name": name, "key": described_key(certificate.public_key()),
            "expires": certificate.not_valid_after_utc.isoformat(), "spki_sha256": key_identifier(certificate)}


def built(path: Path, count: int, size: int, expiry: datetime.datetime) -> None:
    console = _console()
    console.print(Text(f"wrote {path}: {count} roots, {size} bytes; the first expires {expiry:%Y-%m-%d}"))
    step = f'copy it to the board; in the application: Trust.public("{path.name}")'
    console.print(Text.assemble(("next:  ", "bold"), step))


def listed(store: RootStore, roots: list[dict[str, Any]], is_json: bool) -> None:
    made = datetime.datetime.fromtimestamp(store.built, datetime.timezone.utc)
    if is_json:
        print(json.dumps({"store": store.name, "built": made.isoformat(), "roots": roots}))
        return
    table = Table(box=None, pad_edge=False)
    for column in ("root", "key", "expires"):
        table.add_column(column, overflow="fold")
    for root in sorted(roots, key=lambda root: str(root["name"]).lower()):
        table.add_row(Text(printable(root["name"])), root["key"], root["expires"][:10])
    console = Console(highlight=False)
    console.print(table)
    console.print(Text(f"\n{len(roots)} roots in {store.name}, built {made:%Y-%m-%d}"), soft_wrap=True)


def shown(facts: dict[str, Any], pem: str, is_json: bool) -> None:
    if is_json:
        print(json.dumps({**facts, "pem": pem}))
        return
    console = _console()
    for label, value in facts.items():
        console.print(Text.assemble((label.ljust(12), "dim"), " ", printable(str(value))))
    console.print(pem)


def chain(host: str, sent: list[x509.Certificate], path: list[x509.Certificate], roots: list[dict[str, Any]],
          is_json: bool, save: Path | None) -> None:
    """The path from the root down to the site, what else was sent, and the verdict; what was saved, for programs."""
    if is_json:
        print(json.dumps({"host": host, "root": roots[0] if roots else None,
                          "saved": str(save) if save and roots else None,
                          "chain": [facts_of(found, described(found.subject)) for found in sent]}))
        return
    console = _console()
    top = (roots[0]["name"], "green") if roots else (_called(path[-1].issuer), "red")
    tree = Tree(Text.assemble(top, f"  {_of_root(roots)}"))
    branch = tree
    for certificate in reversed(path):
        if not roots or described(certificate.subject) != roots[0]["name"]:
            until = f"until {certificate.not_valid_after_utc:%Y-%m-%d}"
            branch = branch.add(Text(f"{_called(certificate.subject)}  {until}"))
    Console(highlight=False, width=1000).print(tree)  # a tree cuts its lines, and a terminal can wrap them itself
    for certificate in sent:
        if certificate not in path:
            console.print(Text(f"sent, and not needed: {_called(certificate.subject)}", "yellow"))
    console.print(_verdict(host, path, roots))


def saved(path: Path, expiry: datetime.datetime) -> None:
    call = "Trust.load(DER)" if path.suffix == ".py" else f'Trust.load("{path.name}")'
    console = _console()
    console.print(Text(f"wrote {path}, which expires {expiry:%Y-%m-%d}"))
    console.print(Text.assemble(("next:  ", "bold"), f"in the application: {call}"))


def _called(name: x509.Name) -> str:
    return printable(described(name))


def _of_root(roots: list[dict[str, Any]]) -> str:
    return f"root, {roots[0]['key']}, until {roots[0]['expires'][:10]}" if roots else "not among the roots"


def _verdict(host: str, path: list[x509.Certificate], roots: list[dict[str, Any]]) -> Text:
    if roots:
        return Text(f"\n{host} needs {roots[0]['name']}: trust this one, and not a certificate below it, for those are "
                    "replaced within months; Trust.public() finds it by itself")
    if path[-1].subject == path[-1].issuer:
        return Text(f"\n{host} shows a certificate signed by itself: if it is yours, Trust.load(FILE) or "
                    "Trust.pinned(SHA256)")
    return Text(f"\n{host} sends nothing that leads to a root: an intermediate certificate is missing there, or its "
                "authority is a private one, whose certificate its owner has")


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)
