"""The commands themselves: arguments in, one call to the modules below, exit status out. Layer 13."""

import asyncio
from collections.abc import Sequence
from functools import partial
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any

import typer

from microhttps import Identity
from microhttps.errors import UsageError

from ..application import find_demonstration, load_application
from ..authority.authority import Ask
from ..authority.identity_names import names_of_this_host
from ..authority.machine import Issued, server_identity
from ..authority.vault import Vault
from ..drawing import render
from ..engine_choice import choose_for
from ..serving import default_port, serve
from ..watching import Watch
from .ca_commands import PassphraseFile
from .check_commands import SHORT_HELP as CHECK_HELP
from .check_commands import check_command
from .embed_commands import embed_command
from .passphrases import Asker
from .push_commands import SHORT_HELP, push_command
from .roots_commands import roots_commands
from .trust_commands import ca_commands

EVERYWHERE = ("0.0.0.0", "::", "")

commands = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)

commands.add_typer(ca_commands, name="ca", short_help="Your own authority: init, issue, renew, revoke, trust, lint.")
commands.command("push", short_help=SHORT_HELP)(push_command)
commands.command("check", short_help=CHECK_HELP)(check_command)
commands.command("embed", short_help="Certificate and key as Python, C headers or DER.")(embed_command)
commands.add_typer(roots_commands, name="roots", short_help="The public roots: build, list, find, show.")


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"microhttps {version('microhttps')}")
        raise typer.Exit


@commands.callback()
def _everything(
    _version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True)] = False,
) -> None:
    """Examples:

    \b
      microhttps serve                          the demonstration, over HTTPS, at once
      microhttps serve app.py                   your application
      microhttps get https://localhost:8443/    fetch it, verified
      microhttps check example.org              why it does not connect, step by step
      microhttps push app.py --for lamp.local   the same application onto a board
      microhttps embed lamp.local --form c      a certificate and its key for a program

    HTTPS for small computers that run Python. Certificates and keys are kept in $MICROHTTPS_HOME (by default
    the data folder of the platform). Ends with status 0 when it is done, 1 when it failed, 2 for a command that is
    none, 130 by Ctrl-C; with --json, errors are an object on stdout, too.
    """


@commands.command("serve", short_help="Serve an application over HTTPS.")
def serve_command(
    app: Annotated[str | None, typer.Argument(metavar="APP", help="A file or module:name.")] = None,
    host: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Listen there; by default everywhere.")] = None,
    port: Annotated[
        int | None,
        typer.Option(metavar="PORT", min=0, max=65535, help="By default the application's, or 8443 (root: 443)."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, max=1024, help="So many processes, of which a dead one is replaced."),
    ] = None,
    insecure: Annotated[bool, typer.Option("--insecure", help="Plain HTTP, with no TLS at all.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Errors only.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")] = False,
    passphrase_file: PassphraseFile = None,
    ca_port: Annotated[
        int, typer.Option(metavar="PORT", min=0, max=65535, help="For the page that has phones trust us, plain HTTP.")
    ] = 8480,
    no_ca_page: Annotated[bool, typer.Option("--no-ca-page", help="Without that page.")] = False,
) -> None:
    """Examples:

    \b
      microhttps serve                              the demonstration device
      microhttps serve app.py                       the Server in a file: `server`, `app` or the first one
      microhttps serve package.module:name          one in a module
      microhttps serve app.py --port 9443           on another port
      microhttps serve app.py --host 127.0.0.1      for this machine only
      microhttps serve app.py --workers 4           a process for each of four cores
      MICROHTTPS_HOME=./state microhttps serve      keep certificates elsewhere

    Serves an application over HTTPS. The first time, a certificate authority of your own is made, and by it a
    certificate for localhost and for the names and addresses of this machine; when those change, it gets another one by
    the same authority and goes on. Ctrl-C stops it. A certificate that is renewed on disk is taken up by itself.
    Phones find the authority's certificate, with what to do with it, at http://...:8480/ca.
    """
    server = load_application(app or str(find_demonstration()))
    choose_for(server, workers)
    if insecure:
        server.transport = "insecure"
    server.host = host or server.host
    chosen = server.port if port is None else port
    server.port = default_port(server.transport) if chosen is None else chosen
    drawn = render.Render(is_quiet=quiet, is_json=json)
    issued, watch, page = None, None, None
    if server.transport == "secure" and server.identity is None:
        ask = Asker(passphrase_file)
        issued = _issue(server.host, ask)
        ask.is_silent = True  # from now on, somebody may be reading the terminal, but nobody answers it
        server.identity = Identity(str(issued.certificate), str(issued.key))
        watch = Watch(issued, names_of_this_host, partial(_issue, server.host, ask), drawn.event)
        if not no_ca_page:
            from ..phones.serving import CaPage

            page = CaPage(server, issued.authority, issued.certificate, ca_port,
                          lambda: _reachable(server.host), drawn.event)
    if server.on_event is None:
        server.on_event = drawn.event
    name = app or "the demonstration device"

    def say_ready() -> None:
        own = None if issued or server.transport != "secure" else repr(server.identity)
        urls = _urls(server.transport, server.host, server.port)
        drawn.serving(name, urls, issued, own, workers, page, getattr(server, "status", None))

    if workers is None:
        serve(server, say_ready, drawn.stopping, watch, page)
        return
    from ..workers.supervisor import Supervisor

    status = Supervisor(server, workers, drawn.event, watch, page).run(say_ready, drawn.stopping)
    if status:
        raise typer.Exit(status)


@commands.command("get", short_help="Fetch a URL over verified HTTPS.")
def get_command(
    url: Annotated[str, typer.Argument(metavar="URL", help="Without a scheme, https.")],
    cacert: Annotated[Path | None, typer.Option(metavar="FILE", help="Believe only this authority.")] = None,
    pin: Annotated[list[str] | None, typer.Option(metavar="SHA256", help="Believe only this certificate.")] = None,
    header: Annotated[
        list[str] | None, typer.Option("--header", "-H", metavar="'NAME: VALUE'", help="Send it too.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="For the body.")] = None,
    include: Annotated[bool, typer.Option("--include", "-i", help="Show the head of the answer too.")] = False,
    danger_insecure: Annotated[
        bool, typer.Option("--danger-insecure", help="Believe anyone: encrypted, to whoever answers.")
    ] = False,
) -> None:
    """Examples:

    \b
      microhttps get https://example.org/
      microhttps get localhost:8443/status                 what `microhttps serve` serves
      microhttps get --cacert ca.crt https://192.168.4.1/
      microhttps get --pin 3b:f0:... https://lamp.local/   a device whose certificate you know
      microhttps get -i -H 'Accept: application/json' https://example.org/
      microhttps get -o page.html https://example.org/

    Fetches a URL over verified HTTPS. Believes the public roots, the authorities of this system and, for private names
    and addresses (localhost, lamp.local, 192.168.4.1) and for what it was made for, your own (microhttps ca) as well.
    Ends with status 1 when it fails or when the server answers with an error.
    """
    from ..fetching import choose_trusts, fetch, host_of

    if sum((cacert is not None, bool(pin), danger_insecure)) > 1:
        raise UsageError("bad_option", "--cacert, --pin and --danger-insecure exclude each other")
    host = host_of(url)
    if danger_insecure:
        render.warning("nobody is verified: whoever answers may be anyone, and may read and change everything")
    answer = asyncio.run(fetch(url, choose_trusts(host, cacert, pin or (), danger_insecure), _pairs(header or ())))
    render.answer(answer.status, _head(answer) if include else (), answer.body, output)
    if answer.status >= 400:
        raise typer.Exit(1)


def _issue(host: str, ask: Ask) -> Issued:
    names = names_of_this_host()
    chosen = [host] if host not in EVERYWHERE and host not in names else []
    return server_identity(Vault(), names, chosen, ask)


def _urls(transport: str, host: str, port: int) -> list[str]:
    """Where it can be found; the first is for this machine when it listens everywhere."""
    scheme, usual = ("https", 443) if transport == "secure" else ("http", 80)
    end = "/" if port == usual else f":{port}/"
    return [f"{scheme}://{_bracketed(name)}{end}" for name in _reachable(host)]


def _reachable(host: str) -> list[str]:
    if host == "127.0.0.1":
        return ["localhost", host]
    if host not in EVERYWHERE:
        return [host]
    loopback = ("127.0.0.1", "::1")
    return [name for name in names_of_this_host() if name not in loopback and (host == "::" or ":" not in name)]


def _bracketed(name: str) -> str:
    try:
        return f"[{name}]" if ip_address(name).version == 6 else name
    except ValueError:
        return name


def _pairs(headers: Sequence[str]) -> list[tuple[str, str]]:
    pairs = []
    for text in headers:
        name, colon, value = text.partition(":")
        if not colon or not name.strip():
            raise UsageError("bad_option", f"a header is 'Name: value', not {text!r}")
        pairs.append((name.strip(), value.strip()))
    return pairs


def _head(answer: Any) -> list[str]:
    return [f"HTTP/1.1 {answer.status}", *(f"{name}: {value}" for name, value in answer.headers.items()), ""]
