"""What `microhttps push` shows: what goes where, how large it is, until when it is good, and the next command.

For programs one JSON object. Prints, as `render` does. Layer 13.
"""

import contextlib
import json
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from ..push.device_identity import DeviceIdentity
from ..push.staging import LIBRARY, MAIN, RUNTIME, Staged

if TYPE_CHECKING:
    from ..push.push import Pushed  # with mpremote, which nothing but a board needs


@contextlib.contextmanager
def progress(is_json: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A bar while files go over, on a terminal; gives what is told how far they are."""
    console = Console(stderr=True)
    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, transient=True, disable=is_json or not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda path, done, whole: bar.update(task, description=path, completed=done, total=whole)


def pushed(
    done: "Pushed", files: Sequence[Staged], profile: str, identity: DeviceIdentity | None, is_json: bool
) -> None:
    """What is on the board now, what it takes of flash and heap, and how to start it."""
    version = ".".join(map(str, done.facts.version))
    facts: dict[str, Any] = {"done": f"on the board at {done.board}: {done.facts.machine}, MicroPython {version}",
                             "board": done.board, "version": version, "profile": profile,
                             "written": [file.path for file in done.written], "flash": done.flash,
                             "free_flash": done.free_flash, "heap": done.heap, "free_heap": done.free_heap,
                             "is_clock_set": done.is_clock_set, "kept": done.kept}  # fmt: skip
    step = f"mpremote connect {shlex.quote(done.board)} reset"
    if identity and identity.authority and profile != "client":
        step += f"; curl --cacert {shlex.quote(str(identity.authority))} https://{identity.names[0]}/"
    _done(facts, [(":" + file.path, file) for file in files], identity, step, is_json, _remarks(done, files))


def _remarks(done: "Pushed", files: Sequence[Staged]) -> list[str]:
    """What people are told of the board beside its files."""
    told = [f"read back, {len(done.written)} files were new and {len(files) - len(done.written)} there already",
            f"flash  {done.flash / 1024:.0f} KB taken by these files, {done.free_flash / 1024:.0f} KB free"]
    if done.heap is not None and done.free_heap is not None:
        told.append(f"heap   {done.heap / 1024:.1f} KB kept by the import, {done.free_heap / 1024:.0f} KB free then")
    told.append("clock  " + ("set, in UTC" if done.is_clock_set else "the board has none that can be set: the "
                             "application sets it (ntptime), for certificates have dates"))
    return told + ([f"kept   the application that was there, as {done.kept}"] if done.kept else [])


def staged(
    folder: Path, files: Sequence[Staged], profile: str, identity: DeviceIdentity | None, is_json: bool
) -> None:
    """What was written into a folder."""
    has_application = any(file.path == MAIN for file in files)
    step = f"mpremote cp -r {shlex.quote(str(folder))}/{'*' if has_application else LIBRARY} :"
    facts: dict[str, Any] = {"done": f"staged for a board in {folder}", "profile": profile}
    _done(facts, [(str(folder / file.place), file) for file in files], identity, step, is_json, ())


def _done(
    facts: Mapping[str, Any], files: Sequence[tuple[str, Staged]], identity: DeviceIdentity | None, step: str,
    is_json: bool, remarks: Sequence[str],
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
    for remark in remarks:
        console.print(Text(remark))
    console.print(Text.assemble(("next:  ", "bold"), step))


def _wrote(console: Console, path: str, about: str) -> None:
    console.print(Text.assemble(("wrote  ", "dim"), path, f"  ({about})"))


def _about(file: Staged) -> str:
    told = [f"{len(file.content)} bytes"]
    if file.expires:
        told.append(f"expires {file.expires:%Y-%m-%d}")
    if file.is_secret:
        told.append("private: for the board alone")
    return ", ".join(told)


def _of_identity(identity: DeviceIdentity | None) -> dict[str, Any]:
    if identity is None:
        return {}
    return {"names": identity.names, "expires": identity.expires.isoformat(),
            "authority": str(identity.authority) if identity.authority else None}  # fmt: skip


def _size(files: Sequence[tuple[str, Staged]]) -> int:
    return sum(len(file.content) for _, file in files)
