"""A grade for a server, from A to F, with its reasons: a step of its own, behind all others. Layer 13.

Asks more than a client ever would: every suite of every version, one connection each, and six connections at once.
"""

from dataclasses import replace
from typing import Any

from microhttps.errors import MicrohttpsError, PeerError

from ..authority.identity_names import is_private
from ..certificates import UNREADABLE
from ..command_words import MAX_SHOWN
from ..lint.lint import judge_chain
from ..probing.asking import LEGACY
from ..probing.numbers import TLS_1_2, TLS_1_3, VERSIONS, name_in
from ..probing.offer import everything
from ..probing.suites import EXCHANGES, SUITES
from ..site_chain import ordered
from .crowding import crowd
from .findings import Step
from .grade_rules import GRADES, RULES, Seen
from .offers import add_versions, asking_for, run_within
from .resuming import resumes
from .target import HTTP
from .visit import Visit

PATIENCE = 6  # so many times that of another step: every suite is a connection
LOW = "C"  # from here on it is a warning


def examine(visit: Visit, step: Step) -> None:
    """Grades the server; facts are `grade`, `reasons`, the worst first, and `suites` by version."""
    seen = see(visit)
    reasons = reasons_in(seen)
    grade = max((reason["grade"] for reason in reasons), default=GRADES[0])
    suites = {VERSIONS[version]: [name_in(SUITES, one) for one in taken] for version, taken in seen.suites.items()}
    step.facts.update(grade=grade, reasons=reasons, suites=suites)
    if grade >= LOW:
        first = {name: text if len(text) <= MAX_SHOWN else None for name, text in reasons[0].items()}
        step.warn(PeerError("low_grade", grade=grade, reason=first["what"], cure=first["cure"]))


def reasons_in(seen: Seen) -> list[dict[str, Any]]:
    """Every rule that is broken, the worst first."""
    found = [{"code": rule.code, "grade": rule.grade, "what": rule.what, "detail": "" if detail == "yes" else detail,
              "cure": rule.cure} for rule in RULES if (detail := rule.find(seen))]  # fmt: skip
    return sorted(found, key=lambda reason: reason["grade"], reverse=True)


def see(visit: Visit) -> Seen:
    """All that the rules look at; waits."""
    seen = Seen(refusal=visit.refusal, is_private=is_private(visit.target.name))
    run_within(PATIENCE * visit.options.timeout, _ask(visit, seen))
    seen.resumes = resumes(visit, seen.versions)
    if visit.look:
        _look_at(visit, seen)
    if visit.speaks == HTTP and visit.first is not None and not isinstance(visit.first, MicrohttpsError):
        seen.is_web = True
        seen.hsts = visit.first.value(b"strict-transport-security")
        seen.crowd = crowd(visit)
    return seen


async def _ask(visit: Visit, seen: Seen) -> None:
    ask = asking_for(visit)
    await add_versions(ask, seen.versions)
    for version in (TLS_1_3, *LEGACY):
        if VERSIONS[version] in seen.versions:
            seen.suites[version] = (await ask.suites(version)).numbers
    by_prime = tuple(suite for suite in seen.suites.get(TLS_1_2, ()) if EXCHANGES[suite].startswith("DHE"))
    if by_prime:
        seen.prime_bits = (await ask.whole(replace(everything((TLS_1_2,)), suites=by_prime))).prime_bits


def _look_at(visit: Visit, seen: Seen) -> None:
    seen.chain = visit.look.chain if visit.look else []
    try:
        seen.path = ordered(seen.chain)
        seen.broken = judge_chain(seen.chain)
    except UNREADABLE:
        seen.chain, seen.path, seen.broken = [], [], []  # that it cannot be read is told already
