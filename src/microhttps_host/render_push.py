"""What `microhttps push` shows: what goes where, how large it is, until when it is good, and the next command.

For programs one JSON object. Prints, as `render` does. Layer 13.
"""

import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from .device_identity import DeviceIdentity
from .staging import RUNTIME, Staged


def staged(
    folder: Path, files: Sequence[Staged], profile: str, identity: DeviceIdentity | None, is_json: bool
) -> None:
    """What was written into a folder."""
    step = f"mpremote cp -r {shlex.quote(str(folder))}/* :"
    facts: dict[str, Any] = {"done": f"staged for a board in {folder}", "profile": profile}
    _done(facts, [(str(folder / file.path), file) for file in files], identity, step, is_json)


def _done(
    facts: Mapping[str, Any], files: Sequence[tuple[str, Staged]], identity: DeviceIdentity | None, step: str,
    is_json: bool,
) -> None:  # fmt: skip
    if is_json:
        told = [{"file": path, "size": len(file.content), "expires": file.expires.isoformat() if file.expires else None}
                for path, file in files]  # fmt: skip
        print(json.dumps({**facts, **_of_identity(identity), "size": _size(files), "files": told, "next": step}))
        return
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(str(facts["done"])))
    runtime = [(path, file) for path, file in files if file.path.startswith(RUNTIME + "/")]
    others = [(path, file) for path, file in files if not file.path.startswith(RUNTIME + "/")]
    if runtime:
        kilobytes = f"{_size(runtime) / 1024:.1f} KB"
        _wrote(console, str(Path(runtime[0][0]).parent), f"{len(runtime)} files, {kilobytes}: {facts['profile']}")
    for path, file in others:
        _wrote(console, path, _about(file))
    console.print(Text.assemble(("next:  ", "bold"), step))


def _wrote(console: Console, path: str, about: str) -> None:
    console.print(Text.assemble(("wrote  ", "dim"), path, f"  ({about})"))


def _about(file: Staged) -> str:
    told = [f"{len(file.content)} bytes"]
    if file.expires:
        told.append(f"expires {file.expires:%Y-%m-%d}")
    if file.is_secret:
        told.append("a private key: for the board alone")
    return ", ".join(told)


def _of_identity(identity: DeviceIdentity | None) -> dict[str, Any]:
    if identity is None:
        return {}
    return {"names": identity.names, "expires": identity.expires.isoformat(),
            "authority": str(identity.authority) if identity.authority else None}  # fmt: skip


def _size(files: Sequence[tuple[str, Staged]]) -> int:
    return sum(len(file.content) for _, file in files)
