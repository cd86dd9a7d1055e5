"""All that the command line shows: drawn by rich for people, one JSON object a line for programs.

The only module that prints. Lines that somebody will copy are never wrapped. Layer 13.
"""

import contextlib
import json
import os
import shlex
import shutil
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from microhttps.errors import MicrohttpsError, UsageError
from microhttps.explain import CLIENT, SERVER, explain
from microhttps.explanations.quoting import shown

from ..authority.machine import Issued
from ..command_words import command_word
from ..explanations import TEXT

if TYPE_CHECKING:  # loaded only where there is such a page
    from microhttps.status import Status

    from ..phones.serving import CaPage

LABEL_WIDTH = 12
# Events that programs (--json) want and people do not.
UNTOLD = ("session_open", "session_close")
# Those of a connection, whose error is explained; the same of the same client is shown once, and then counted.
EXPLAINED = ("session_error", "refused", "connection_lost")
MAX_COUNTED = 1000  # clients and codes, after which counting begins anew
PARTS = ("happened", "cause", "next")  # what the three sentences are called in JSON


class _Log(Console):
    """The console of a server, which goes on when its reader is gone or the disk is full: what was said is lost."""

    def on_broken_pipe(self) -> None:
        """Where rich would end the program."""

    def print(self, *objects: Any, **how: Any) -> None:
        with contextlib.suppress(OSError):
            super().print(*objects, **how)


class Render:
    """What `microhttps serve` says; `is_quiet` leaves errors only, `is_json` is for programs."""

    def __init__(self, is_quiet: bool = False, is_json: bool = False) -> None:
        self.is_quiet = is_quiet
        self.is_json = is_json
        self._console = _Log(highlight=False, soft_wrap=True)
        self._counts: dict[tuple[str, str], int] = {}

    def serving(
        self,
        application: str,
        urls: Sequence[str],
        issued: Issued | None,
        identity: str | None,
        workers: int | None = None,
        page: "CaPage | None" = None,
        status: "Status | None" = None,
    ) -> None:
        """Everything a newcomer needs: where it is, whom to trust, a line to try it, until when, what next."""
        if self.is_json:
            facts = {**_facts_of(application, urls, issued, identity), **_facts_of_page(page), "workers": workers}
            if status:
                facts["status"] = {"url": _status_url(urls[0], status), "users": status.made}
            return self._object("serving", facts)
        if self.is_quiet:
            return None
        self._console.print(Text.assemble("\n", ("microhttps", "bold"), f" serves {application}\n"))
        for url in urls:
            self._console.print(Text.assemble("  ", (url, "bold cyan")))
        self._console.print()
        if issued:
            self._issued(urls[0], issued)
        elif identity:
            self._row("identity", f"the application's own ({identity})")
        else:
            self._row("no TLS", "everybody on the way can read and change everything", "yellow")
            self._row("try it", f"curl {urls[0]}")
        if status:
            made = "".join(f"   (name {name}, password {password})" for name, password in status.made.items())
            self._row("status", _status_url(urls[0], status) + made)
        if page:
            self._page(page)
        if workers:
            self._row("workers", f"{workers} on the same port, looked after by process {os.getpid()}")
        self._row("stop", "Ctrl-C")
        self._console.print()
        return None

    def _issued(self, url: str, issued: Issued) -> None:
        until, authority_until = f"{issued.expires:%Y-%m-%d}", f"{issued.authority_expires:%Y-%m-%d}"
        made, authority_made = ("new, " * is_new for is_new in (issued.is_new, issued.is_new_authority))
        self._row("certificate", f"{issued.certificate}  ({made}expires {until})")
        self._row("CA file", f"{issued.authority}  ({authority_made}expires {authority_until})")
        if issued.left_out:
            self._row("left out", f"{', '.join(issued.left_out)}: not what the CA may vouch for; microhttps ca init "
                      "--keep-key --for NAME", "yellow")  # fmt: skip
        self._row("try it", f"curl --cacert {_shell(issued.authority)} {_shell(url)}", "bold")
        self._row("trust it", "microhttps ca trust   (this machine and its browsers)")

    def _page(self, page: "CaPage") -> None:
        """Where phones learn to trust us, and what to compare on them."""
        if page.problem:
            self._row("phones", f"no page for them: {page.problem}; another port: --ca-port PORT", "yellow")
            return
        self._row("phones", f"{page.url}   (what to install there, and how)")
        self._row("SHA-256", page.presented.sha256)
        self._row("SHA-1", f"{page.presented.sha1}   (compare what the phone shows)")
        if self._console.is_terminal:
            # In these colours it is one that cameras know, whatever those of the terminal are.
            self._console.print(Text(page.drawn(), "#ffffff on #000000"))

    def _row(self, label: str, text: str, style: str = "") -> None:
        self._console.print(Text.assemble("  ", (label.ljust(LABEL_WIDTH), "dim"), (text, style)))

    def event(self, name: str, facts: Mapping[str, Any]) -> None:
        """One line for what the server reports: a request, a failed handshake; a handler's exception with its place."""
        error = facts.get("error")
        if name == "key_exposed":
            facts = {**facts, "next": f"chmod 600 {_shell(facts['file'])}"}
        if isinstance(error, MicrohttpsError) and name in EXPLAINED:
            return self._explained(name, facts, error)
        if self.is_json:
            return self._object(name, facts)
        if self.is_quiet or name in UNTOLD:
            return None
        line = _request_line(facts) if name == "request" else _event_line(name, facts)
        self._console.print(Text.assemble((time.strftime("%H:%M:%S "), "dim"), line))
        if name == "fault" and isinstance(facts.get("error"), BaseException):
            self._console.print(Text("".join(traceback.format_exception(facts["error"])), "dim"))
        return None

    def _explained(self, name: str, facts: Mapping[str, Any], error: MicrohttpsError) -> None:
        """What happened and why; of what comes again and again only how often."""
        sentences = explain(error, SERVER, (TEXT,))
        if self.is_json:
            return self._object(name, {**facts, "code": error.code, **dict(zip(PARTS, sentences))})
        if len(self._counts) >= MAX_COUNTED:
            self._counts.clear()
        known = _peer(facts), error.code
        count = self._counts[known] = self._counts.get(known, 0) + 1
        if self.is_quiet or count > 1 and str(count).strip("0") != "1":  # 1, 10, 100, ...
            return None
        told = " ".join(sentences[:2]) if count == 1 else f"{error.code}: {count} times so far"
        self._console.print(Text.assemble((time.strftime("%H:%M:%S "), "dim"), f"{_peer(facts)} ".lstrip(),
                                          (name.replace("_", " "), "yellow"), " ", printable(told)))
        return None

    def stopping(self) -> None:
        if self.is_json:
            self._object("stopping", {})
        elif not self.is_quiet:
            # The carriage return puts it over the ^C that the terminal shows.
            self._console.print("\r" * self._console.is_terminal + "microhttps: stopping; requests in progress may end")

    def _object(self, name: str, facts: Mapping[str, Any]) -> None:
        # One piece, because several workers write into the same pipe.
        with contextlib.suppress(OSError):  # see _Log
            print(json.dumps({"event": name, **facts}, default=str) + "\n", end="", flush=True)


def answer(status: int, head: Sequence[str], body: bytes, output: Path | None) -> None:
    """The answer of `microhttps get`: the body on stdout as it came, or in a file.

    Raises UsageError("cannot_write").
    """
    for line in head:
        print(printable(line), flush=True)
    if output:
        write_file(output, body)
        _errors().print(Text(f"wrote {output} ({len(body)} bytes)"))
    else:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
        if body and not body.endswith(b"\n") and sys.stdout.isatty():
            print()
    if status >= 400:
        _errors().print(Text(f"microhttps: the server answered {status}", "yellow"))


def write_file(output: Path, body: bytes) -> None:
    """Write a file that the user named, whole or not at all; raises UsageError("cannot_write") with the reason."""
    try:
        if output.exists() and not (output.is_file() and os.access(output.parent, os.W_OK)):
            output.write_bytes(body)  # /dev/stdout, say: nothing that another can take the place of
        else:
            _replace(output.resolve(), body)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UsageError("cannot_write", f"cannot write {output}: {why}") from None


def _replace(target: Path, body: bytes) -> None:
    """A reader sees the old or the new file; one that is there keeps its permissions."""
    new = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        new.touch()
        if target.exists():
            shutil.copymode(target, new)
        new.write_bytes(body)
        os.replace(new, target)
    finally:
        new.unlink(missing_ok=True)


def warning(text: str) -> None:
    _errors().print(Text.assemble(("microhttps: ", "yellow"), text))


def error(error: MicrohttpsError, arguments: Sequence[str]) -> None:
    """What happened, the likely cause, and what to do next; one object when --json is among the arguments."""
    role = SERVER if arguments[:1] == ["serve"] else CLIENT
    told = _facts_told(error)
    port = error.facts.get("port") or 0
    words = [word for word in reversed(arguments) if not word.startswith("-")]
    last = max(words, key=lambda word: "://" in word, default="")
    error.facts.update(url=command_word(last), where=last.removeprefix("https://"),
                       other_port=port + 1 if port >= 1024 else None, command=_on_another_port(arguments, port))
    sentences = explain(error, role, (TEXT,))
    if "--json" in arguments:
        print(json.dumps({"event": "error", **told, **dict(zip(PARTS, sentences))}, default=str), flush=True)
        return
    console = _errors()
    facts = "".join(f" {name}={shown(value)}" for name, value in told["facts"].items())
    console.print(Text.assemble(("error: ", "bold red"), sentences[0], (f"  [{error.code}]{facts}", "dim")))
    for label, sentence in zip(("cause: ", "next:  "), sentences[1:]):
        console.print(Text.assemble((label, "bold"), sentence))


def _facts_told(error: MicrohttpsError) -> dict[str, Any]:
    facts = {name: value for name, value in error.facts.items() if value is not None}
    return {"code": error.code, "class": type(error).__name__, "facts": facts}


def _errors() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)


def _request_line(facts: Mapping[str, Any]) -> Text:
    status = int(facts.get("status", 0))
    style = "red" if status >= 500 else "yellow" if status >= 400 else "green"
    what = f"{facts.get('method', '')} {facts.get('target', '')}"
    return Text.assemble(f"{_peer(facts)} {printable(what)} ", (str(status), style))


def _event_line(name: str, facts: Mapping[str, Any]) -> Text:
    if name == "key_exposed":
        return Text.assemble(("others can read or change the key", "yellow"), f": {facts['next']}")
    told = [printable(str(value)) for key, value in facts.items() if key != "address" and value is not None]
    return Text.assemble(f"{_peer(facts)} ".lstrip(), (name.replace("_", " "), "yellow"), " ", " ".join(told))


def _peer(facts: Mapping[str, Any]) -> str:
    address = facts.get("address")
    return str(address[0]) if address else ""


def printable(text: str) -> str:
    """What a peer sent cannot move the cursor or colour the terminal."""
    return text if text.isprintable() else repr(text)[1:-1]


def _facts_of(application: str, urls: Sequence[str], issued: Issued | None, identity: str | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"application": application, "urls": list(urls), "identity": identity}
    if issued:
        facts |= {
            "certificate": issued.certificate, "key": issued.key, "authority": issued.authority,
            "expires": issued.expires.isoformat(), "authority_expires": issued.authority_expires.isoformat(),
            "names": list(issued.names), "is_new": issued.is_new, "is_new_authority": issued.is_new_authority,
            "left_out": list(issued.left_out),
        }  # fmt: skip
    return facts


def _facts_of_page(page: "CaPage | None") -> dict[str, Any]:
    if page is None or page.problem:
        return {"ca_page": None, "ca_page_problem": page.problem.code if page and page.problem else None}
    presented = page.presented
    return {"ca_page": page.url, "authority_sha256": presented.sha256, "authority_sha1": presented.sha1}


def _status_url(url: str, status: "Status") -> str:
    return url.rstrip("/") + (status.prefix or "") + ("" if status.prefix else "/")


def _on_another_port(arguments: Sequence[str], port: int) -> str | None:
    """The same command for the next port that needs no privilege; None when it has words that want quotes."""
    words = ["microhttps"]
    for before, word in zip(("", *arguments), arguments):
        if "--port" not in (before, word) and not word.startswith("--port="):
            words.append(word)
    words += "--port", str(port + 1 if port >= 1024 else 8443)
    command = " ".join(words)
    return command if shlex.join(words) == command else None


def _shell(word: str | Path) -> str:
    """A word that a shell leaves as it is; an address of version 6 has brackets, and some shells read those."""
    return shlex.quote(str(word))
