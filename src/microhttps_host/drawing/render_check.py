"""What `microhttps check` shows: a line for each step as it is taken, the chain as a tree, and what to do next.

For programs one JSON object. Prints, as `render` does; whatever a peer has said is escaped. Layer 13.
"""

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.status import Status
from rich.text import Text
from rich.tree import Tree

from ..check.course import Silent
from ..check.findings import FAILED, NOT_REACHED, OK, WARNING, Finding, Report, Step
from ..check.target import Target
from .render import printable

STYLES = {OK: "green", WARNING: "yellow", FAILED: "red", NOT_REACHED: "dim"}
VERDICT_WIDTH, NAME_WIDTH = 13, 11
INDENT = " " * (VERDICT_WIDTH + NAME_WIDTH)
VERDICTS = {OK: "{} connects", WARNING: "{} connects, with warnings", FAILED: "{} does not connect"}
MAX_SHOWN = 6  # of a list in a line


class Live(Silent):
    """Draws the steps as they are taken; on a terminal the one that is being taken moves."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None

    def begin(self, name: str) -> None:
        if self._console.is_terminal:
            self._status = self._console.status(f"{name} ...")
            self._status.start()

    def end(self, step: Step) -> None:
        self.stop()
        _step(self._console, step)

    def stop(self) -> None:
        if self._status:
            self._status.stop()
            self._status = None


@contextlib.contextmanager
def live(target: Target, is_json: bool) -> Iterator[Silent]:
    """What is told of the steps of one check."""
    if is_json:
        yield Silent()
        return
    console = _console()
    console.print(Text.assemble(("microhttps check ", "dim"), (printable(target.url), "bold")))
    view = Live(console)
    try:
        yield view
    finally:
        view.stop()


def finished(report: Report, files: Sequence[Path], is_json: bool) -> None:
    """The verdict, the files that were written, and for programs everything."""
    if is_json:
        print(json.dumps({**report.told(), "files": [str(path) for path in files]}, default=str), flush=True)
        return
    console = _console()
    for path in files:
        console.print(Text.assemble(("wrote  ", "dim"), str(path)))
    verdict = VERDICTS[report.verdict].format(printable(report.target.where))
    code = f"  [{report.code}]" if report.code else ""
    console.print(Text.assemble((verdict, f"bold {STYLES[report.verdict]}"), (code, "dim")))


def _step(console: Console, step: Step) -> None:
    line = LINES.get(step.name, _of_service)(step.facts) if step.is_reached else ""
    console.print(Text.assemble((step.verdict.ljust(VERDICT_WIDTH), STYLES[step.verdict]),
                                (step.name.ljust(NAME_WIDTH), "bold"), printable(line)), soft_wrap=True)  # fmt: skip
    if step.facts.get("certificates"):
        _tree(step.facts)
    for reason in step.facts.get("reasons", ()):
        detail = f" ({printable(reason['detail'])})" if reason["detail"] else ""
        label = "advice" if reason["grade"] == "A" else f"at most {reason['grade']}"
        console.print(Text.assemble(INDENT, (f"{label}: ", "bold"), f"{reason['what']}{detail}",
                                    (f"  [{reason['code']}]", "dim")))  # fmt: skip
        console.print(Text.assemble(INDENT, ("change: ", "dim"), reason["cure"]))
    for finding in step.findings:
        _finding(console, finding)


def _finding(console: Console, finding: Finding) -> None:
    style = STYLES[finding.verdict]
    for label, sentence in zip(("", "cause: ", "next:  "), finding.sentences):
        text = Text.assemble(INDENT, (label, "bold"), (printable(sentence), style if not label else ""))
        if not label:
            text.append(f"  [{finding.code}]", "dim")
        console.print(text)


def _tree(facts: Mapping[str, Any]) -> None:
    """From the root down to the server's own certificate, and what else was sent."""
    sent = facts["certificates"]
    path = [one for one in sent if one["is_needed"]]
    root = facts["root"]
    if root is None:
        top = Text(f"{_issuer(path or sent)}  no root that is believed", "red")
    else:
        top = Text(_certificate(root) + "  root", "green")
    tree = Tree(top)
    branch = tree
    for one in reversed(path):
        if root is None or one["sha256"] != root["sha256"] and one.get("subject") != root["subject"]:
            branch = branch.add(Text(_certificate(one)))
    for one in sent:
        if not one["is_needed"]:
            tree.add(Text(f"sent, and not needed: {_certificate(one)}", "yellow"))
    # A tree cuts its lines, and a terminal can wrap them itself.
    Console(highlight=False, width=1000).print(Padding(tree, (0, 0, 0, len(INDENT)), expand=False))


def _issuer(path: Sequence[Mapping[str, Any]]) -> str:
    return printable(path[-1].get("issuer") or "unknown")


def _certificate(one: Mapping[str, Any]) -> str:
    if "unreadable" in one:
        return f"a certificate that cannot be read ({printable(one['unreadable'])})"
    dates = f"{one['not_before'][:10]} to {one['not_after'][:10]}"
    return f"{printable(one['subject']) or '(no name)'}  {one['key']}, {dates}"


def version_shown(version: str) -> str:
    """A version of TLS as standards write it; OpenSSL writes TLSv1 for the first."""
    return {"TLSv1": "TLS 1.0"}.get(version, version.replace("TLSv", "TLS "))


def _of_name(facts: Mapping[str, Any]) -> str:
    return "an address: no name to look up" if facts.get("is_literal") else _some(facts.get("addresses", ()))


def _of_tcp(facts: Mapping[str, Any]) -> str:
    return _some([f"{one['address']} {one['code'] or 'in {:.1f} ms'.format(one['milliseconds'])}"
                  for one in facts.get("addresses", ())])  # fmt: skip


def _of_tls(facts: Mapping[str, Any]) -> str:
    """What was agreed on, and behind it what else there is."""
    told = [version_shown(facts["version"])] if facts.get("version") else []
    told += [str(facts[name]) for name in ("cipher", "group", "alpn") if facts.get(name)]
    told += [f"by {facts['engine']}"] if facts.get("engine") else []
    if facts.get("longest_handshake_record"):
        told.append(f"records up to {facts['longest_handshake_record']} bytes")
    more = [f"has {_some(facts['versions'])}"] if facts.get("versions") else []
    more += [f"records of {_some(facts['max_fragment_length'])}"] if facts.get("max_fragment_length") else []
    more += ["a record size limit"] if facts.get("record_size_limit") else []
    resumed = [version for version, does in facts.get("resumes", {}).items() if does]
    more += [f"resumes {_some(resumed)}"] if resumed else []
    more += [f"OCSP stapled: {facts['stapled']}"] if facts.get("stapled") else []
    more += ["asks for a client certificate"] if facts.get("wants_client_certificate") else []
    return "; ".join([", ".join(told), *more])


def _of_chain(facts: Mapping[str, Any]) -> str:
    named = {"public": "public roots", "system": "this system's roots", "own": "an authority of your own",
             "pinned": "a pin", None: ""}  # fmt: skip
    return f"believed by {named[facts['believed_in']]}" if facts.get("believed_in") else ""


def _of_host(facts: Mapping[str, Any]) -> str:
    if facts.get("is_pinned"):
        return "not looked at: the certificate is pinned"
    if "names" not in facts:
        return str(facts.get("asked", ""))
    return f"{facts['asked']}: the certificate is for {_some(facts.get('names', ())) or 'nobody'}"


def _of_clock(facts: Mapping[str, Any]) -> str:
    server = facts.get("server")
    return str(facts.get("local", "")) + (f", the server's {facts['difference_seconds']:+d} s" if server else "")


def _of_http(facts: Mapping[str, Any]) -> str:
    told = [str(facts["status"])] if "status" in facts else []
    told += [f"in {facts['milliseconds']:.0f} ms"] if "milliseconds" in facts else []
    told += [f"→ {hop['url']} {hop['status'] or hop['code']}" for hop in facts.get("redirects", ())]
    if facts.get("hsts"):
        told.append(f"HSTS {facts['hsts']}")
    if facts.get("longest_record"):
        told.append(f"records up to {facts['longest_record']} bytes")
    return ", ".join(told)


def _of_grade(facts: Mapping[str, Any]) -> str:
    return str(facts.get("grade", ""))


def _of_service(facts: Mapping[str, Any]) -> str:
    told = [str(facts[name]) for name in ("greeting", "status", "url", "code") if facts.get(name)]
    if "connack" in facts:
        told.append("lets us in" if facts["connack"] == 0 else f"answers {facts['connack']}")
    return ", ".join(told + ([_some(facts["capabilities"])] if facts.get("capabilities") else []))


LINES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "name": _of_name, "TCP": _of_tcp, "TLS": _of_tls, "chain": _of_chain, "host name": _of_host, "clock": _of_clock,
    "HTTP": _of_http, "grade": _of_grade,
}  # fmt: skip


def _some(texts: Sequence[object]) -> str:
    more = len(texts) - MAX_SHOWN
    return ", ".join(map(str, texts[:MAX_SHOWN])) + (f" and {more} more" if more > 0 else "")


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)
