"""`microhttps check`: why a server cannot be reached securely, step by step.

Arguments in, calls to the modules below, exit status out. Layer 13.
"""

import contextlib
import io
import itertools
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, TextIO

import typer

from microhttps import Identity
from microhttps.engines.choosing import check_engine
from microhttps.engines.finding import find_engine
from microhttps.errors import Unsupported, UsageError

from ..check import grading
from ..check.course import Planned, check
from ..check.findings import FAILED, WARNING
from ..check.looking import blind_context
from ..check.many import MOST_WORKERS, WORKERS, check_many, targets_in
from ..check.saving import files_of
from ..check.target import PLAIN, read_target
from ..check.visit import USER_AGENT, Options
from ..drawing import render_check
from ..drawing.render import warning, write_file

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
    engine: Annotated[
        str | None, typer.Option(envvar="MICROHTTPS_ENGINE", metavar="NAME", help="The TLS library that decides.")
    ] = None,
    graded: Annotated[bool, typer.Option("--grade", help="A grade for the server, A to F, with reasons.")] = False,
    hosts: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Many at once: a target a line; - is standard input.")
    ] = None,
    board: Annotated[
        str | None, typer.Option("--board", metavar="NAME", help="Would this one connect? Also: all, list.")
    ] = None,
    parallel: Annotated[
        int, typer.Option(metavar="N", min=1, max=MOST_WORKERS, help="So many of them at a time.")
    ] = WORKERS,
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
      microhttps check lamp.local --grade                your own server: what could be better
      microhttps check --hosts hosts.txt                 many at once; --json writes a line for each
      microhttps check example.org --board pico-w        and would a Pico W connect? (--board all, --board list)

    Connects as the runtime does, step by step, and says of each step whether it works, and if not, why, and what to do
    next. Ends with status 0 when it connects, 1 when it does not, 2 for a command that is none, and with --strict 3 for
    warnings; with --board it is the board that counts.
    """
    if board is not None:
        from . import check_boards

        if check_boards.is_list(board, json):
            return
        profiles = check_boards.profiles_for(board, pin or ())
    texts = list(targets or ())
    if not texts and not hosts:
        raise UsageError("bad_option", "a URL or HOST:PORT expected")
    if cacert and pin:
        raise UsageError("bad_option", "--cacert and --pin exclude each other")
    if crl and not cacert:
        raise UsageError("bad_option", "--crl needs --cacert")
    options = Options(timeout, _source(cacert), _source(crl), tuple(pin or ()), _identity(certificate, key),
                      user_agent, engine)  # fmt: skip
    _check_options(options)
    if hosts or len(texts) > 1 or texts == ["-"]:
        if save or servername or graded or board is not None:
            raise UsageError("bad_option", "--save-chain, --servername, --grade and --board are for one target")
        return _end(_check_many(texts, hosts, options, parallel, json), strict)
    target = read_target(texts[0], servername)
    if target.begins == PLAIN and (graded or board is not None):
        raise UsageError("bad_option", f"--grade and --board look at TLS, and {target.scheme}:// has none")
    further = [Planned("grade", grading.examine, False, True)] if graded else []
    with render_check.live(target, json) as view:
        report = check(target, options, view, further)
    files = files_of(report, save) if save else []
    for path, content in files:
        write_file(path, content)
    if save and not files:
        warning(f"{save} was not written: no certificate came")
    written = [path for path, _ in files]
    if board is not None:
        return _end(check_boards.verdicts_on(report, options, profiles, written, json), strict)
    render_check.finished(report, written, json)
    return _end([report.verdict], strict)


def _check_options(options: Options) -> None:
    """What is wrong with files and engine is said before anything is done; raises UsageError."""
    if options.engine:
        check_engine(options.engine)
        if "crl" not in find_engine(options.engine).CAN and options.crl:
            raise Unsupported("no_crl")
    for trust in options.trusts_for("localhost"):
        if trust.kind == "own":
            trust.client_context()
    blind_context((), options.identity)


def _check_many(
    texts: Sequence[str], hosts: Path | None, options: Options, parallel: int, is_json: bool
) -> Sequence[str]:
    """The verdicts that there were."""
    from ..drawing import render_many

    with _lines(texts, hosts) as (lines, total):
        rows = check_many(targets_in(lines), options, parallel)
        return render_many.streamed(rows) if is_json else render_many.tabled(rows, total)


@contextlib.contextmanager
def _lines(texts: Sequence[str], hosts: Path | None) -> Iterator[tuple[Iterable[str], int | None]]:
    """(the lines of what is to be checked, how many there are, if that is known)."""
    if hosts is None and texts != ["-"]:
        yield texts, len(texts)
    elif hosts is None or str(hosts) == "-":
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")
        yield itertools.chain(texts if hosts else (), sys.stdin), None
    else:
        with _opened(hosts) as file:
            total = _count(file)
            yield itertools.chain(texts, file), total if total is None else total + len(texts)


def _count(file: TextIO) -> int | None:
    """How many targets a file has; None for a pipe, which can be read but once."""
    if not file.seekable():
        return None
    total = sum(1 for _ in targets_in(file))
    file.seek(0)
    return total


def _opened(hosts: Path) -> TextIO:
    try:
        return hosts.open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError("bad_hosts_file", f"cannot read {hosts}: {(error.strerror or '').lower()}") from error


def _source(path: Path | None) -> str | bytes | None:
    """A file by its path; of a pipe what is in it, for it can be read but once, and each connection reads."""
    return None if path is None else path.read_bytes() if path.is_fifo() else str(path)


def _identity(certificate: Path | None, key: Path | None) -> Identity | None:
    if key and not certificate:
        raise UsageError("bad_option", "--key needs --certificate")
    shown = _source(certificate)
    return Identity(shown, _source(key) or shown) if shown else None


def _end(verdicts: Sequence[str], is_strict: bool) -> None:
    status = status_of(verdicts, is_strict)
    if status:
        raise typer.Exit(status)


def status_of(verdicts: Sequence[str], is_strict: bool) -> int:
    """The exit status that these verdicts make together: the worst."""
    if FAILED in verdicts:
        return NOT_CONNECTED
    return WARNED if is_strict and WARNING in verdicts else 0
