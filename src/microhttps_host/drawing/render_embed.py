"""What `microhttps embed` shows: the files, until when they are good, who may see them, and the line that uses them.

For programs one JSON object. Prints, as `render` does. Layer 13.
"""

import json

from rich.console import Console
from rich.text import Text

from ..embedding import Embedded, Written


def done(what: str, embedded: Embedded, is_json: bool) -> None:
    """How the command ends."""
    if is_json:
        files = [{"file": str(one.path), "expires": one.expires.isoformat() if one.expires else None,
                  "secret": one.is_secret} for one in embedded.files]  # fmt: skip
        print(json.dumps({"done": what, "files": files, "warnings": embedded.warnings, "next": embedded.use}))
        return
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(what))
    for warning in embedded.warnings:
        console.print(Text.assemble(("but:   ", "bold yellow"), warning))
    for one in embedded.files:
        console.print(Text.assemble(("wrote  ", "dim"), str(one.path), f"  ({_told(one)})"))
    console.print(Text.assemble(("next:  ", "bold"), "in the program: " + embedded.use))


def _told(one: Written) -> str:
    until = [f"expires {one.expires:%Y-%m-%d}"] if one.expires else []
    return ", ".join([*until, *(["a private key: for you alone"] if one.is_secret else [])]) or "a sealed key"
