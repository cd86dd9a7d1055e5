"""`microhttps ca trust` and `ca untrust`: this machine believes our authority, or does no longer.

Arguments in, one call to `system_trust`, exit status out. Layer 13.
"""

from collections.abc import Sequence
from typing import Annotated

import typer

from microhttps.errors import UsageError

from ..authority.authority import exists, open_authority
from ..authority.vault import Vault
from ..drawing import render, render_trust
from ..system_trust.place import Place
from ..system_trust.trusting import KINDS, Outcome, look, trust, untrust
from .ca_commands import Json
from .ca_views import ca_commands as ca_commands

Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="|".join(KINDS), help="The system's store, or those of Firefox and Chromium."),
]


@ca_commands.command("trust", short_help="Have this machine and its browsers believe the authority.")
def trust_command(
    only: Only = None,
    check: Annotated[bool, typer.Option("--check", help="Only say who does.")] = False,
    json: Json = False,
) -> None:
    """Examples:

    \b
      microhttps ca trust                   the system (needs root) and this user's browsers
      microhttps ca trust --only nss        Firefox and Chromium only
      microhttps ca trust --check           who believes it

    Puts the authority's certificate, ca.crt, where this machine looks: the system's store (Debian, Ubuntu, Fedora,
    openSUSE, Arch, macOS, Windows) and those of Firefox and Chromium. What needs root is not done, and the command is
    shown. Ends with status 1 when something is left to do. For phones: microhttps serve.
    """
    vault = Vault()
    if open_authority(vault).constraints is None and not (check or json):
        render.warning("this authority may vouch for every name there is: who steals its key can be your bank")
    outcomes = (look if check else trust)(vault, Place(), only or ())
    step = "microhttps ca trust" if check else "restart browsers that run   (to take it back: microhttps ca untrust)"
    _end(outcomes, step, json)


@ca_commands.command("untrust", short_help="Take that back.")
def untrust_command(only: Only = None, json: Json = False) -> None:
    """Examples:

    \b
      microhttps ca untrust
      microhttps ca untrust --only system

    Removes what ca trust has added, of earlier authorities in $MICROHTTPS_HOME as well, and nothing that somebody else
    has put there. May be called twice.
    """
    vault = Vault()
    outcomes = untrust(vault, Place(), only or ())
    if not outcomes and not exists(vault):
        open_authority(vault)  # which says that there is none
    _end(outcomes, "restart browsers that run", json)


def _end(outcomes: Sequence[Outcome], step: str, is_json: bool) -> None:
    if not outcomes:
        raise UsageError("no_trust_store")
    render_trust.stores(outcomes, step, is_json)
    if not all(outcome.is_done for outcome in outcomes):
        raise typer.Exit(1)
