"""`microhttps roots`: the store of public roots made, listed, shown, and the one found that a site needs.

Arguments in, calls to the modules below, exit status out. Layer 13.
"""

import time
from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from microhttps.errors import UsageError
from microhttps.roots import Root, RootStore

from ..drawing import render_roots
from ..drawing.render import write_file
from ..root_store import SHIPPED, anchor_of, certificate_of, described, public_certificates, store_of
from ..site_chain import find_roots, ordered, read_chain
from ..typed_url import read_url

roots_commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)

Store = Annotated[Path | None, typer.Option("--store", metavar="FILE", help="Another store than the package's.")]
Json = Annotated[bool, typer.Option("--json", help="JSON, for programs.")]


@roots_commands.callback()
def _everything() -> None:
    """Examples:

    \b
      microhttps roots find example.org       the chain of a site, and the root to trust
      microhttps roots list                   whom Trust.public() believes
      microhttps roots show "ISRG Root X1"
      microhttps roots build --to roots.bin --site api.example.org --site mqtt.example.org

    The public roots that browsers believe, in one small file that a board reads in place.
    """


@roots_commands.command("build", short_help="Write a store, whole or for some sites.")
def build_command(
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="The store to write.")],
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="PEM to take them from; by default certifi's.")
    ] = None,
    name: Annotated[list[str] | None, typer.Option(metavar="TEXT", help="Only roots whose name has this.")] = None,
    site: Annotated[list[str] | None, typer.Option(metavar="HOST", help="Only the roots of these sites.")] = None,
) -> None:
    """Examples:

    \b
      microhttps roots build --to roots.bin                          all that Mozilla believes
      microhttps roots build --to roots.bin --name ISRG --name GTS   some
      microhttps roots build --to roots.bin --site example.org       those that a site needs now
      microhttps roots build --to roots.bin --from our-own.pem

    Writes a store for Trust.public("roots.bin"). A store for few sites is smaller, and believes fewer; when a site
    changes its authority, it has to be built anew.
    """
    certificates = public_certificates(source)
    if name or site:
        whole = RootStore(store_of(certificates, 0))
        wanted = {root.subject for host in site or () for root in _roots_of(host, whole)}
        named = [found for text in name or () for found in _of_name(text, certificates)]
        certificates = [found for found in certificates if found.subject.public_bytes() in wanted or found in named]
    content = store_of(certificates, int(time.time()))
    write_file(to, content)
    expiry = min(found.not_valid_after_utc for found in certificates)
    render_roots.built(to, len(certificates), len(content), expiry)


@roots_commands.command("list", short_help="Every root of a store.")
def list_command(store: Store = None, json: Json = False) -> None:
    """Examples:

    \b
      microhttps roots list
      microhttps roots list --store roots.bin --json
    """
    found = _store(store)
    render_roots.listed(found, [_facts(root) for root in found], json)


@roots_commands.command("show", short_help="One root: what it is, and its certificate.")
def show_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A part of its name.")],
    store: Store = None,
    json: Json = False,
) -> None:
    """Examples:

    \b
      microhttps roots show "ISRG Root X1"
    """
    found = [root for root in _store(store) if name.lower() in described(anchor_of(root).subject).lower()]
    if not found:
        raise UsageError("no_such_root", name=name)
    for root in found:
        render_roots.shown(_facts(root), _certificate(root).public_bytes(Encoding.PEM).decode(), json)


@roots_commands.command("find", short_help="The chain of a site, and the root to trust.")
def find_command(
    site: Annotated[str, typer.Argument(metavar="HOST|URL", help="Without a port, 443.")],
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the root there: .pem, .der or .py by its name.")
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Examples:

    \b
      microhttps roots find example.org
      microhttps roots find https://example.org:8443/ --save root.der
      microhttps roots find mqtt.example.org:8883 --save root.py

    Shows the certificates that a site sends, as a tree from the root down, and which root to trust. Ends with status 1
    when the chain leads to none.
    """
    url = read_url(site)
    sent = read_chain(url.host, url.port)
    path = ordered(sent)
    roots = find_roots(path, _store(store))
    if json and save and roots:
        _save(save, _certificate(roots[0]))
    render_roots.chain(url.host, sent, path, [_facts(root) for root in roots[:1]], json, save)
    if not roots:
        raise typer.Exit(1)
    if save and not json:
        _save(save, _certificate(roots[0]))
        render_roots.saved(save, _certificate(roots[0]).not_valid_after_utc)


def _of_name(text: str, certificates: list[x509.Certificate]) -> list[x509.Certificate]:
    """Those whose name has this text; raises UsageError("no_such_root") when there is none: it may be misspelt."""
    found = [one for one in certificates if text.strip() and text.lower() in described(one.subject).lower()]
    if not found:
        raise UsageError("no_such_root", name=text)
    return found


def _store(path: Path | None) -> RootStore:
    return RootStore(str(path or SHIPPED))


def _roots_of(site: str, store: RootStore) -> list[Root]:
    url = read_url(site)
    roots = find_roots(ordered(read_chain(url.host, url.port)), store)
    if not roots:
        raise UsageError("no_such_root", name=url.host)
    return roots


def _certificate(root: Root) -> x509.Certificate:
    """The root's own certificate where certifi still has it, else the one that stands for it."""
    return certificate_of(root) or anchor_of(root)


def _facts(root: Root) -> dict[str, Any]:
    anchor = anchor_of(root)
    return render_roots.facts_of(anchor, described(anchor.subject))


def _save(path: Path, certificate: x509.Certificate) -> None:
    der = certificate.public_bytes(Encoding.DER)
    if path.suffix == ".py":
        content = f"# {described(certificate.subject)!r}, for Trust.load(DER)\n\nDER = {der!r}\n".encode()
    elif path.suffix == ".der":
        content = der
    else:
        content = certificate.public_bytes(Encoding.PEM)
    write_file(path, content)
