"""`microhttps ca`: what changes the authority or what it has issued. What only looks is in `ca_views`.

Arguments in, one call to the modules below, exit status out. Layer 13.
"""

import dataclasses
import shlex
from pathlib import Path
from typing import Annotated

import typer

from microhttps.errors import UsageError

from ..authority import founding, identities
from ..authority.authority import Plan
from ..authority.constraints import written
from ..authority.key_kinds import DEFAULT_KIND, KINDS
from ..authority.revocation import REASONS
from ..authority.vault import Vault
from ..drawing import render_ca
from .passphrases import ENVIRONMENT, Asker, choose

ca_commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)

Json = Annotated[bool, typer.Option("--json", help="JSON, for programs.")]
PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", metavar="FILE", envvar=ENVIRONMENT, show_envvar=True,
                 help="Its first line opens the authority's key."),
]  # fmt: skip
Key = Annotated[str, typer.Option("--key", metavar="|".join(KINDS), help="The kind of key.")]


@ca_commands.callback()
def _everything() -> None:
    """Examples:

    \b
      microhttps ca init                                an authority for private names, once
      microhttps ca issue lamp.local 192.168.4.1        a certificate and key for a device
      microhttps ca issue alice --client                one for a person or a program
      microhttps ca export lamp.local --form der        copied here, as a board wants it
      microhttps ca list                                what was issued, and what is due
      microhttps ca renew                               all that is due
      microhttps ca revoke lamp.local                   a lost device
      microhttps ca trust                               this machine and its browsers believe it
      microhttps ca lint any.crt                        who would refuse this certificate, and why

    An authority of your own, which vouches for private names and addresses and for those you name, and for nothing
    else. It is kept in $MICROHTTPS_HOME; microhttps serve uses it, too.
    """


@ca_commands.command("init", short_help="Make the authority.")
def init_command(
    names: Annotated[
        list[str] | None,
        typer.Option("--for", metavar="NAME", help="It may vouch for this, too: a name with all below it, an address, "
                     "a network (203.0.113.0/24), or .home for all below home."),
    ] = None,
    key: Key = DEFAULT_KIND,
    passphrase: Annotated[bool, typer.Option("--passphrase", help="Keep its key under a passphrase; asks.")] = False,
    passphrase_file: PassphraseFile = None,
    keep_key: Annotated[
        bool, typer.Option("--keep-key", help="The one there is, for ten more years and for further names.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Another in the place of the one there is.")] = False,
    danger_unconstrained: Annotated[
        bool, typer.Option("--danger-unconstrained", help="It may vouch for every name on the Internet.")
    ] = False,
    json: Json = False,
) -> None:
    """Examples:

    \b
      microhttps ca init                                for .local, .lan, .home.arpa, .internal and private addresses
      microhttps ca init --for example.org              and for example.org and all below it
      microhttps ca init --passphrase                   signing asks for a passphrase
      microhttps ca init --keep-key --for 203.0.113.7   the same authority, for one address more
      microhttps ca init --replace                      a new one, to be trusted anew

    Makes a certificate authority of your own. Its certificate (ca.crt) is what others are told to trust; its key
    (ca.key) is a secret. With --keep-key, what it has issued stays good.
    """  # fmt: skip
    if danger_unconstrained and names:
        raise UsageError("bad_option", "--for and --danger-unconstrained exclude each other")
    if keep_key and (replace or passphrase or key != DEFAULT_KIND):
        raise UsageError("bad_option", "--keep-key excludes --replace, --passphrase and --key")
    vault, plan = Vault(), Plan(names or (), danger_unconstrained, key)
    if keep_key:
        authority, change = founding.renew(vault, plan, Asker(passphrase_file))
    else:
        if passphrase or passphrase_file:
            chosen = choose(passphrase_file, "the authority's key", "--passphrase-file")
            plan = dataclasses.replace(plan, passphrase=chosen)
        authority, change = founding.found(vault, plan, replace)
    trees = (authority.constraints.permitted_subtrees or ()) if authority.constraints else ()
    permitted = [written(tree) for tree in trees]
    what = f"an authority that may vouch for {', '.join(permitted) or 'every name there is'}"
    render_ca.done(what, change, _after_init(replace, keep_key), json, {"permitted": permitted or None})


@ca_commands.command("issue", short_help="A certificate and key for names.")
def issue_command(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Host names, wildcards, addresses.")],
    client: Annotated[bool, typer.Option("--client", help="For a client, which may be called as you like.")] = False,
    both: Annotated[bool, typer.Option("--both", help="For a server that is a client, too.")] = False,
    key: Key = DEFAULT_KIND,
    label: Annotated[str | None, typer.Option(metavar="LABEL", help="What to call it; else the first name.")] = None,
    passphrase_file: PassphraseFile = None,
    json: Json = False,
) -> None:
    """Examples:

    \b
      microhttps ca issue lamp.local 192.168.4.1 fd00::7
      microhttps ca issue '*.home.arpa' --label everything
      microhttps ca issue alice --client
      microhttps ca issue broker.lan --both --key rsa-2048

    Issues a certificate for up to 397 days, with a new key. Name a device's address beside its name: not every phone
    finds lamp.local.
    """
    usage = "both" if both else "client" if client else "server"
    if client and both:
        raise UsageError("bad_option", "--client and --both exclude each other")
    change = identities.issue(Vault(), names, usage, key, label, Asker(passphrase_file))
    issued = change.identities[0]
    what = f"a certificate for {' '.join(render_ca.facts_of(issued)['names'])} ({usage})"
    step = f"microhttps ca export {shlex.quote(issued.label)} --to FOLDER"
    render_ca.done(what, change, step + ("" if usage == "server" else " --form p12"), json)


@ca_commands.command("renew", short_help="One certificate, or all that are due.")
def renew_command(
    label: Annotated[str | None, typer.Argument(metavar="LABEL", help="Without one, all that are due.")] = None,
    names: Annotated[
        list[str] | None, typer.Option("--for", metavar="NAME", help="For these names now, and no others.")
    ] = None,
    new_key: Annotated[bool, typer.Option("--new-key", help="With a new key; pins of the old one end.")] = False,
    key: Annotated[
        str | None, typer.Option("--key", metavar="|".join(KINDS), help="With a new key of this kind.")
    ] = None,
    passphrase_file: PassphraseFile = None,
    json: Json = False,
) -> None:
    """Examples:

    \b
      microhttps ca renew                                               all of which a third of the time is left
      microhttps ca renew lamp.local                                    same names, same key: only the file is new
      microhttps ca renew lamp.local --for lamp.local --for 10.0.0.9    the device has moved
      microhttps ca renew lamp.local --new-key

    A certificate that was revoked because its key was lost gets a new key in any case.
    """
    vault, ask = Vault(), Asker(passphrase_file)
    if label is None and (names or new_key or key):
        raise UsageError("bad_option", "say which one: microhttps ca renew LABEL")
    change = (identities.renew(vault, label, names or (), ask, key, new_key) if label
              else identities.renew_due(vault, ask))  # fmt: skip
    labels = [identity.label for identity in change.identities]
    what = f"renewed: {', '.join(labels)}" if labels else "nothing is due"
    step = f"microhttps ca export {shlex.quote(labels[0])} --to FOLDER --force" if labels else "microhttps ca list"
    render_ca.done(what, change, step, json)


@ca_commands.command("revoke", short_help="What was lost or stolen.")
def revoke_command(
    what: Annotated[str, typer.Argument(metavar="LABEL|SERIAL", help="All of this label, or one certificate.")],
    reason: Annotated[str, typer.Option(metavar="|".join(REASONS), help="Why.")] = "unspecified",
    passphrase_file: PassphraseFile = None,
    json: Json = False,
) -> None:
    """Examples:

    \b
      microhttps ca revoke lamp.local
      microhttps ca revoke lamp.local --reason key-compromise
      microhttps ca revoke 1f3a...                                one certificate, by its serial number

    Revokes, for ever, and writes the list of all that are revoked (ca.crl). Who is given that list refuses them:
    Trust.load("ca.crt", crl="ca.crl"), nginx, curl. Browsers and boards read no list: there a certificate ends when it
    expires, so let go of it where it is believed as well.
    """
    change = identities.revoke(Vault(), what, reason, Asker(passphrase_file))
    count = len(change.identities)
    told = f"revoked {count} certificate{'s' * (count > 1)} of {change.identities[0].label}"
    render_ca.done(told, change, "microhttps ca export --to FOLDER   for those who read the list", json)


@ca_commands.command("passphrase", short_help="Set, change or take away the passphrase of the key.")
def passphrase_command(
    new_file: Annotated[
        Path | None, typer.Option("--new-file", metavar="FILE", help="Its first line is the new one; else asks.")
    ] = None,
    danger_none: Annotated[bool, typer.Option("--danger-none", help="Keep the key without a passphrase.")] = False,
    passphrase_file: PassphraseFile = None,
    json: Json = False,
) -> None:
    """Examples:

    \b
      microhttps ca passphrase                 asks for the old one, if there is one, and for the new one
      microhttps ca passphrase --danger-none

    The key stays the same, and so does everything that was issued.
    """
    new = None if danger_none else choose(new_file, "the authority's key", "--new-file")
    change = founding.set_passphrase(Vault(), Asker(passphrase_file), new)
    told = "the authority's key has no passphrase now" if danger_none else "the authority's key has a new passphrase"
    render_ca.done(told, change, "microhttps ca show", json)


def _after_init(is_replaced: bool, is_same_key: bool) -> str:
    if is_replaced:
        return "microhttps ca renew   and have the new ca.crt trusted where the old one was"
    if is_same_key:
        return "have the new ca.crt trusted where the old one was"
    return "microhttps ca issue lamp.local 192.168.4.1   or   microhttps serve"
