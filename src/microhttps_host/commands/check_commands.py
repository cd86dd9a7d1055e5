"""`microhttps check`: why a server cannot be reached securely, step by step.

Arguments in, calls to the modules below, exit status out. Layer 13.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from microhttps import Identity
from microhttps.errors import UsageError

from ..check.course import check
from ..check.findings import FAILED, WARNING, Report
from ..check.saving import files_of
from ..check.target import read_target
from ..check.visit import USER_AGENT, Options
from ..drawing import render_check
from ..drawing.render import write_file

SHORT_HELP = "Why does it not connect? Name, TCP, TLS, chain, host name, clock, HTTP."
NOT_CONNECTED, WARNED = 1, 3  # 2: a command that is none (see `cli`)


def check_command(
    targets: Annotated[
        list[str] | None, typer.Argument(metavar="URL|HOST:PORT", help="https, http, wss, mqtts, smtp, imap, tls.")
    ] = None,
    cacert: Annotated[Path | None, typer.Option(metavar="FILE", help="Believe only this authority.")] = None,
    crl: Annotated[Path | None, typer.Option(metavar="FILE", help="What this authority has revoked.")] = None,
    pin: Annotated[list[str] | None, typer.Option(metavar="SHA256", help="Believe only this certificate.")] = None,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="FILE", help="Show this one, where clients have to.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", metavar="FILE", help="The key of this certificate.")] = None,
    servername: Annotated[str | None, typer.Option(metavar="NAME", help="The name that it should be for.")] = None,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", min=0.1, max=600, help="For each step.")] = 10.0,
    user_agent: Annotated[str, typer.Option("--user-agent", metavar="TEXT", help="By which we go.")] = USER_AGENT,
    save: Annotated[
        Path | None, typer.Option("--save-chain", metavar="FILE", help="What the server sends: .pem, or .der.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings end with status 3.")] = False,
    json: Annotated[bool, typer.Option("--json", help="JSON, for programs.")] = False,
) -> None:
    """Examples:

    \b
      microhttps check example.org
      microhttps check https://example.org/path --json
      microhttps check 192.168.4.1:8443 --servername lamp.local --cacert ca.crt
      microhttps check mqtts://user:password@broker.example.org
      microhttps check smtp://mail.example.org           TLS after STARTTLS, on port 587
      microhttps check wss://example.org/socket
      microhttps check lamp.local:9443                   TLS alone, at ports that mean nothing else
      microhttps check example.org --save-chain chain.pem

    Connects as the runtime does, step by step, and says of each step whether it works, and if not, why, and what to do
    next. Ends with status 0 when it connects, 1 when it does not, 2 for a command that is none, and with --strict 3 for
    warnings.
    """
    if not targets:
        raise UsageError("bad_option", "a URL or HOST:PORT expected")
    if cacert and pin:
        raise UsageError("bad_option", "--cacert and --pin exclude each other")
    if crl and not cacert:
        raise UsageError("bad_option", "--crl needs --cacert")
    options = Options(timeout, _text(cacert), _text(crl), tuple(pin or ()), servername, _identity(certificate, key),
                      user_agent)  # fmt: skip
    [text] = targets
    target = read_target(text, servername)
    options.trusts_for(target.name)  # what is wrong with it is said before anything is done
    with render_check.live(target, json) as view:
        report = check(target, options, view)
    files = files_of(report, save) if save else []
    for path, content in files:
        write_file(path, content)
    render_check.finished(report, [path for path, _ in files], json)
    _end(report, strict)


def _text(path: Path | None) -> str | None:
    return str(path) if path else None


def _identity(certificate: Path | None, key: Path | None) -> Identity | None:
    if key and not certificate:
        raise UsageError("bad_option", "--key needs --certificate")
    return Identity(str(certificate), str(key or certificate)) if certificate else None


def _end(report: Report, is_strict: bool) -> None:
    status = status_of([report.verdict], is_strict)
    if status:
        raise typer.Exit(status)


def status_of(verdicts: Sequence[str], is_strict: bool) -> int:
    """The exit status that these verdicts make together: the worst."""
    if FAILED in verdicts:
        return NOT_CONNECTED
    return WARNED if is_strict and WARNING in verdicts else 0
