"""`microhttps push`: an application, the runtime it uses, certificate, key and trust, onto a board or into a folder.

Arguments in, calls to the modules below, exit status out. Layer 13.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from microhttps.errors import UsageError

from ..authority.authority import CA_CERTIFICATE, find_authority_file
from ..authority.vault import Vault
from ..board.build import PROFILES
from ..drawing import render_push
from ..push.device_identity import DeviceIdentity, identity_for, identity_of_files
from ..push.staging import Staged, stage, write_folder
from ..push.usage import Usage, read_application
from .passphrases import ENVIRONMENT, Asker

ENTRANCES = {"server": ("Server",), "client": ("Client",), "both": ("Server", "Client")}
SHORT_HELP = "Put an application, the runtime and a certificate onto a board."


def push_command(
    what: Annotated[
        list[str] | None, typer.Argument(metavar="[PORT] APP", help="The board's port, and a file.")
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Option("--for", metavar="NAME", help="The board's names and addresses: a certificate of your authority."),
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="FILE", help="Its certificate, PEM or DER.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", metavar="FILE", help="The key of this certificate.")] = None,
    extra: Annotated[
        list[Path] | None, typer.Option("--with", metavar="PATH", help="A file or folder that goes along as it is.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="|".join(PROFILES), help="By default what the application uses.")
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", metavar="FOLDER", help="Into a folder, not onto a board.")] = None,
    passphrase_file: Annotated[
        Path | None,
        typer.Option("--passphrase-file", metavar="FILE", envvar=ENVIRONMENT, show_envvar=True,
                     help="Its first line opens the authority's key, or the one of --key."),
    ] = None,  # fmt: skip
    danger_demonstration_key: Annotated[
        bool, typer.Option("--danger-demonstration-key", help="A key that was published may be used.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="JSON, for programs.")] = False,
) -> None:
    """Examples:

    \b
      microhttps push app.py --for lamp.local --for 192.168.4.1    onto the board that is plugged in
      microhttps push /dev/ttyACM0 app.py                          with device.crt and device.key from beside app.py
      microhttps push app.py --certificate lamp.crt --key lamp.key
      microhttps push app.py --with static                         and a folder of files
      microhttps push --to stage app.py --for lamp.local           the same files into a folder
      microhttps push --to package --profile client                the runtime alone, for mip or to freeze it

    Compiles the runtime without what the application does not use, and puts it with the application (as main.py),
    certificate and key, and whom it trusts onto a board. Everything is read back before anything old is replaced.
    """
    port, path = _port_and_application(what or ())
    if profile not in (None, *PROFILES):
        raise UsageError("bad_option", f"no profile: {profile!r}; there are {', '.join(PROFILES)}")
    usage = read_application(path) if path else None
    if usage is None and (to is None or profile is None):
        raise UsageError("bad_option", "without an application, --to FOLDER and --profile say what to make")
    identity = _identity(usage, names or (), certificate, key, passphrase_file, danger_demonstration_key)
    chosen = profile or (usage.profile if usage else "both")
    files = stage(usage, chosen, identity, _trusts(usage), extra or ())
    if to is None:
        return _push(port, files, sorted((usage.names if usage else None) or ENTRANCES[chosen]), chosen, identity, json)
    if port:
        raise UsageError("bad_option", f"--to and a port exclude each other: {port}")
    return render_push.staged(to, write_folder(to, files, chosen), chosen, identity, json)


def _push(
    port: str | None, files: list[Staged], names: list[str], profile: str, identity: DeviceIdentity | None,
    is_json: bool,
) -> None:  # fmt: skip
    from ..push.boards import Board, find_port
    from ..push.push import push

    with Board(find_port(port)) as board, render_push.progress(is_json) as on_progress:
        pushed = push(board, files, names, on_progress)
    render_push.pushed(pushed, files, profile, identity, is_json)


def _port_and_application(words: Sequence[str]) -> tuple[str | None, Path | None]:
    """[PORT] APP; a word alone is the application, unless it is plainly a port."""
    if len(words) > 2:
        raise UsageError("bad_option", f"a port and one application, not {' '.join(words)}")
    if len(words) == 1 and not words[0].startswith("/dev/"):
        return None, Path(words[0])
    return (words[0] if words else None), (Path(words[1]) if len(words) == 2 else None)


def _identity(
    usage: Usage | None, names: Sequence[str], certificate: Path | None, key: Path | None, passphrase_file: Path | None,
    may_be_published: bool,
) -> DeviceIdentity | None:  # fmt: skip
    """What was asked for, else what lies beside the application under the names it uses."""
    if names and certificate:
        raise UsageError("bad_option", "--for and --certificate exclude each other")
    if key and not certificate:
        raise UsageError("bad_option", "--key needs --certificate")
    if usage is None:
        return None
    if names:
        return identity_for(Vault(), names, Asker(passphrase_file))
    if certificate:
        return _of_files(certificate, key or certificate, passphrase_file, may_be_published)
    if not usage.needs_identity:
        return None
    beside = [_beside(usage, name) for name in usage.identity or ()]
    if beside and all(file.is_file() for file in beside):
        return _of_files(beside[0], beside[-1], passphrase_file, may_be_published)
    raise UsageError("no_device_identity", f"{usage.path} needs a certificate")


def _of_files(certificate: Path, key: Path, passphrase_file: Path | None, may_be_published: bool) -> DeviceIdentity:
    return identity_of_files(certificate, key, Asker(passphrase_file, f"passphrase of {key}: "), may_be_published)


def _beside(usage: Usage, name: str) -> Path:
    """Where a file of the board's is here; its root is the application's folder."""
    return usage.path.parent / name.lstrip("/")


def _trusts(usage: Usage | None) -> list[tuple[str, Path]]:
    """Whom the application names to trust: the files beside it, or for ca.crt the local authority's."""
    if usage is None:
        return []
    found, ours = [], find_authority_file(Vault())
    for name in dict.fromkeys(usage.trusts):
        beside = _beside(usage, name)
        if ours and not beside.is_file() and Path(name).name == CA_CERTIFICATE:
            beside = ours
        found.append((name, beside))
    return found
