"""What `check` finds: steps with a verdict, facts, and what is wrong, each with its three sentences. Layer 13."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509

from microhttps.errors import MicrohttpsError
from microhttps.explain import CLIENT, explain

from ..command_words import command_word
from ..explanations import TEXT as COMMANDS
from .target import Target, bracketed
from .texts import TEXT

OK, WARNING, FAILED, NOT_REACHED = "ok", "warning", "failed", "not reached"
WORST_LAST = (OK, NOT_REACHED, WARNING, FAILED)
PARTS = ("happened", "cause", "next")


@dataclass(frozen=True)
class Finding:
    """Something that is wrong (FAILED) or may become so (WARNING): an error, raised or not, with its sentences."""

    verdict: str
    error: MicrohttpsError
    sentences: tuple[str, str, str]

    @property
    def code(self) -> str:
        return str(self.error.code)

    def facts(self) -> dict[str, Any]:
        """What a program is told."""
        told = {name: value for name, value in self.error.facts.items() if value is not None}
        return {"verdict": self.verdict, "code": self.code, "class": type(self.error).__name__, "facts": told,
                **dict(zip(PARTS, self.sentences))}  # fmt: skip


@dataclass
class Step:
    """One step of a check."""

    name: str
    target: Target
    facts: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    is_reached: bool = False

    @property
    def verdict(self) -> str:
        return worst(finding.verdict for finding in self.findings) if self.is_reached else NOT_REACHED

    def fail(self, error: MicrohttpsError) -> None:
        """This is why it does not connect."""
        self._add(FAILED, error)

    def warn(self, error: MicrohttpsError) -> None:
        """This does not keep it from connecting."""
        self._add(WARNING, error)

    def _add(self, verdict: str, error: MicrohttpsError) -> None:
        self.is_reached = True
        self.findings.append(Finding(verdict, error, sentences_of(error, self.target)))

    def told(self) -> dict[str, Any]:
        return {"step": self.name, "verdict": self.verdict, "facts": self.facts,
                "findings": [finding.facts() for finding in self.findings]}  # fmt: skip


@dataclass
class Report:
    """A whole check."""

    target: Target
    steps: list[Step] = field(default_factory=list)
    chain: list[x509.Certificate] = field(default_factory=list)  # as the server sends it

    @property
    def verdict(self) -> str:
        return worst(step.verdict for step in self.steps if step.is_reached)

    @property
    def findings(self) -> list[Finding]:
        """All of them, what keeps it from connecting first."""
        found = [finding for step in self.steps for finding in step.findings]
        return sorted(found, key=lambda finding: -WORST_LAST.index(finding.verdict))

    @property
    def code(self) -> str | None:
        """The code of the first failure, else of the first warning, else None."""
        return next((finding.code for finding in self.findings), None)

    def step(self, name: str) -> Step | None:
        return next((step for step in self.steps if step.name == name), None)

    def told(self) -> dict[str, Any]:
        """All of it for a program."""
        target = self.target
        return {"target": target.text, "url": target.url, "host": target.host, "port": target.port,
                "name": target.name, "verdict": self.verdict, "code": self.code,
                "steps": [step.told() for step in self.steps]}  # fmt: skip


def worst(verdicts: Iterable[str]) -> str:
    return max(verdicts, key=WORST_LAST.index, default=OK)


def sentences_of(error: MicrohttpsError, target: Target) -> tuple[str, str, str]:
    """What happened, the likely cause, and the next command, with this target put into it."""
    facts = dict(error.facts)
    host = error.facts.setdefault("host", target.name)
    error.facts.update(where=target.where, port=facts.get("port", target.port),
                       url=command_word(target.url, f"{target.scheme}://{target.where}"))  # fmt: skip
    if host not in (target.name, target.host) and "address" not in facts:  # somebody it has led us to
        where = f"{bracketed(host)}:{facts.get('port', 443)}"
        error.facts.update(where=where, url=f"https://{where}/")
    try:
        happened, cause, step = explain(error, CLIENT, (COMMANDS, TEXT))
    finally:
        error.facts.clear()
        error.facts.update(facts)
    return happened, cause, step
