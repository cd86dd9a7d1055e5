"""`microhttps ca`: what only looks, at what was issued and at anybody's certificates, and what copies.

Needs no key of the authority. Arguments in, one call to the modules below, exit status out. Layer 13.
"""

import shlex
from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from microhttps.errors import UsageError

from ..authority import identities
from ..authority.authority import CA_CERTIFICATE, Authority, find_authority_file, open_authority
from ..authority.constraints import written
from ..authority.exporting import FORMS, export_authority, export_identity
from ..authority.key_kinds import described
from ..authority.record import key_identifier, serial_text
from ..authority.vault import Vault
from ..drawing import render_ca, render_lint
from ..lint.lint import ROLES, engines_for, judge
from ..lint.lint_rules import ENGINES
from .ca_commands import Json
from .ca_commands import ca_commands as ca_commands
from .passphrases import choose


@ca_commands.command("list", short_help="What was issued, and what is due.")
def list_command(
    everything: Annotated[bool, typer.Option("--all", help="Those that others have replaced as well.")] = False,
    json: Json = False,
) -> None:
    """Examples:

    \b
      microhttps ca list
      microhttps ca list --all --json
    """
    found = identities.listed(Vault(), everything)
    is_due = any(one.status not in ("good", "revoked", "replaced") and one.label != "server" for one in found)
    step = "microhttps ca renew" if is_due else "microhttps ca show LABEL" if found else "microhttps ca issue NAME"
    render_ca.listed(found, step, json)


@ca_commands.command("show", short_help="All about one certificate, or about the authority.")
def show_command(
    label: Annotated[str | None, typer.Argument(metavar="LABEL", help="Without one, the authority.")] = None,
    json: Json = False,
) -> None:
    """Examples:

    \b
      microhttps ca show
      microhttps ca show lamp.local
    """
    vault = Vault()
    if label is None:
        return render_ca.shown(_authority_facts(vault), "microhttps ca list", json)
    identity = identities.current(vault, label)
    facts = {**render_ca.facts_of(identity), **_prints(identity.certificate)}
    step = f"microhttps ca export {shlex.quote(label)} --to FOLDER"
    return render_ca.shown(facts, "microhttps serve" if label == "server" else step, json)


@ca_commands.command("export", short_help="Copy a certificate and key to where they are used.")
def export_command(
    label: Annotated[str | None, typer.Argument(metavar="LABEL", help="Without one, the authority.")] = None,
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="By default here.")] = Path("."),
    form: Annotated[str, typer.Option("--form", metavar="|".join(FORMS), help="How.")] = "pem",
    passphrase_file: Annotated[
        Path | None, typer.Option("--p12-passphrase-file", metavar="FILE", help="For a p12 file; else asks.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Over files that are there and are others.")] = False,
    json: Json = False,
) -> None:
    """Examples:

    \b
      microhttps ca export                                 ca.crt and ca.crl, for whoever shall trust you
      microhttps ca export lamp.local --to lamp/           lamp.local.crt and lamp.local.key
      microhttps ca export lamp.local --form der           for a board
      microhttps ca export alice --form p12                for a phone or a browser

    The authority's key is never copied.
    """
    vault = Vault()
    if label is None:
        change = export_authority(vault, to, form, force)
        step = f'in an application: Trust.load("{change.files[0][0].name}")'
        return render_ca.done("copies of what others need of the authority", change, step, json)
    identities.current(vault, label)  # that it is not there is said before a passphrase is asked for
    passphrase = choose(passphrase_file, "the p12 file", "--p12-passphrase-file") if form == "p12" else None
    change = export_identity(vault, label, to, form, passphrase, force)
    names = [path.name for path, _ in change.files]
    step = f"open {names[0]} where it is used; the passphrase goes another way" if form == "p12" else (
        f"in an application: Identity({', '.join(map(repr, names))})")  # fmt: skip
    return render_ca.done(f"copies of {label}", change, step, json)


@ca_commands.command("lint", short_help="Who would refuse this certificate, and why.")
def lint_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="PEM or DER, with its chain.")],
    engines: Annotated[
        list[str] | None,
        typer.Option("--for", metavar="|".join(ENGINES), help="Only these; by default all but the last."),
    ] = None,
    role: Annotated[
        str | None, typer.Option("--as", metavar="|".join(ROLES), help="What it is used as; by default, as it says.")
    ] = None,
    json: Json = False,
) -> None:
    """Examples:

    \b
      microhttps ca lint /etc/ssl/home/fullchain.pem
      microhttps ca lint device.crt ca.crt
      microhttps ca lint device.crt --for mbedtls --for der-only     will a board take it?
      microhttps ca lint device.crt --json

    Judges certificates of any origin by the rules of Apple, Chromium, Firefox, OpenSSL, Python 3.13 and Mbed TLS, whose
    makers are named with --json. Ends with status 1 when one of them would refuse.
    """
    wanted = engines_for(engines or ())
    found = judge(files, wanted, role, _own_authority(Vault()))
    render_lint.judged(found, wanted, json)
    if any(one.refused_by(wanted) for one in found):
        raise typer.Exit(1)


def _own_authority(vault: Vault) -> list[x509.Certificate]:
    """Ours may have issued what is looked at; one that is damaged has not."""
    try:
        return [open_authority(vault).certificate] if find_authority_file(vault) else []
    except UsageError:
        return []


def _authority_facts(vault: Vault) -> dict[str, Any]:
    authority = open_authority(vault)
    certificate = authority.certificate
    constraints = authority.constraints
    permitted = [written(tree) for tree in constraints.permitted_subtrees or ()] if constraints else None
    return {
        "name": certificate.subject.rfc4514_string(), "certificate": str(vault.path(CA_CERTIFICATE)),
        "expires": certificate.not_valid_after_utc.isoformat(), "key_kind": described(certificate.public_key()),
        "key": _key_state(authority), "may_vouch_for": permitted or ["every name there is"],
        "serial": serial_text(certificate), **_prints(certificate),
    }  # fmt: skip


def _key_state(authority: Authority) -> str:
    if not authority.has_key:
        return "not here: nothing can be signed"
    return "here, with a passphrase" if authority.is_locked else "here, without a passphrase"


def _prints(certificate: x509.Certificate) -> dict[str, str]:
    return {"sha256": certificate.fingerprint(hashes.SHA256()).hex(), "key_sha256": key_identifier(certificate)}
