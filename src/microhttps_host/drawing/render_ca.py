"""What `microhttps ca` shows: what was done, which files were written, when they end, and the next command.

For programs one JSON object. Prints, as `render` does. Layer 13.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..authority.identities import Change, Identity
from ..authority.key_kinds import described
from ..authority.record import names_in

STYLES = {"good": "green", "due": "yellow", "expired": "red", "revoked": "red"}


def done(what: str, change: Change, next_command: str, is_json: bool, facts: Mapping[str, Any] | None = None) -> None:
    """How every command ends that writes."""
    if is_json:
        files = [{"file": str(path), "expires": ends.isoformat() if ends else None} for path, ends in change.files]
        issued = [facts_of(identity) for identity in change.identities]
        print(json.dumps({"done": what, **(facts or {}), "certificates": issued, "files": files,
                          "warnings": change.warnings, "next": next_command}))  # fmt: skip
        return
    console = _console()
    console.print(Text(what))
    for warning in change.warnings:
        console.print(Text.assemble(("but:   ", "bold yellow"), warning))
    for path, ends in change.files:
        told = f"expires {ends:%Y-%m-%d}" if ends else "a private key: for you alone" if is_key(path.name) else "kept"
        console.print(Text.assemble(("wrote  ", "dim"), str(path), f"  ({told})"))
    console.print(Text.assemble(("next:  ", "bold"), next_command))


def is_key(name: str) -> bool:
    return name.endswith((".key", ".key.der"))


def facts_of(identity: Identity) -> dict[str, Any]:
    """What a program is told of an issued certificate."""
    certificate = identity.certificate
    return {
        "label": identity.label, "names": names_in(certificate), "status": identity.status,
        "key_kind": described(certificate.public_key()), "expires": certificate.not_valid_after_utc.isoformat(),
        "serial": identity.entry.serial, "certificate": str(identity.certificate_file),
        "key": str(identity.key_file) if identity.key_file else None,
        "revoked": identity.entry.revoked.isoformat() if identity.entry.revoked else None,
        "reason": identity.entry.reason,
    }  # fmt: skip


def listed(identities: Sequence[Identity], next_command: str, is_json: bool) -> None:
    """A line for each certificate."""
    if is_json:
        print(json.dumps({"certificates": [facts_of(identity) for identity in identities], "next": next_command}))
        return
    table = Table(box=None, pad_edge=False)
    for column in ("label", "for", "key", "expires", "status"):
        table.add_column(column, overflow="fold")
    for identity in identities:
        facts = facts_of(identity)
        table.add_row(Text(identity.label), Text(" ".join(facts["names"])), facts["key_kind"], facts["expires"][:10],
                      Text(identity.status, STYLES.get(identity.status, "")))  # fmt: skip
    if identities:
        Console(highlight=False).print(table)
    else:
        _console().print("nothing was issued so far")
    _console().print(Text.assemble(("next:  ", "bold"), next_command))


def shown(facts: Mapping[str, Any], next_command: str, is_json: bool) -> None:
    """All about one certificate."""
    if is_json:
        print(json.dumps({**facts, "next": next_command}))
        return
    console = _console()
    for label, value in facts.items():
        if value is None or value == []:
            continue
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        console.print(Text.assemble((label.replace("_", " ").ljust(16), "dim"), text))
    console.print(Text.assemble(("next:  ", "bold"), next_command))


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)
