"""Would a board connect to what was checked from here? The profile's hello is sent to it, and its answer judged.

Layer 13.
"""

import asyncio
import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cryptography import x509

from microhttps.errors import NetworkError
from microhttps.port.cpython.faults import network_error

from ..probing.flight import Flight
from ..probing.numbers import X25519
from ..probing.offer import USUAL_GROUPS, USUAL_SCHEMES, everything
from ..probing.suites import is_broken
from ..profiles.connecting import Site, would_each_connect
from ..profiles.judging import Asked
from ..profiles.profile import Profile
from ..profiles.verdict import Reason, Verdict
from .chains import roots_for
from .course import HANDSHAKE
from .findings import Report, Step
from .offers import asking_for
from .reaching import connect, resolve
from .target import HTTP
from .visit import Options, Visit

FOR_THE_SILENT = 1.0  # seconds
_ALL = everything()
# What this machine offers, as its OpenSSL would: to be held beside a board.
OURS = replace(_ALL, groups=USUAL_GROUPS, shares=(X25519,), schemes=USUAL_SCHEMES, asks_for_ticket=True,
               suites=tuple(suite for suite in _ALL.suites if not is_broken(suite)))  # fmt: skip


@dataclass(frozen=True)
class OnBoards:
    """What each board would come to, beside `ours`: the server's answer to this machine."""

    ours: Flight
    verdicts: Sequence[Verdict]

    def told(self) -> dict[str, Any]:
        """All of it for a program."""
        return {"this_machine": _chosen(self.ours), "boards": [_told(verdict) for verdict in self.verdicts]}


def is_reached(report: Report) -> bool:
    """Whether there is a server that a board could speak TLS with."""
    step = report.step(HANDSHAKE)
    return step is not None and step.is_reached


def check_boards(report: Report, options: Options, profiles: Sequence[Profile]) -> OnBoards:
    """Ask the server of this report as each board would; waits. Raises NetworkError when it is gone by now."""
    visit = Visit(report.target, replace(options, timeout=_patience(report, options)))
    try:
        for examine in (resolve, connect):
            examine(visit, Step("", report.target))
        return asyncio.run(_check(visit, report, profiles))
    except OSError as error:
        failure = network_error(error)
        failure.facts.update(host=report.target.host, port=report.target.port)
        raise failure from error
    finally:
        visit.close()


def _patience(report: Report, options: Options) -> float:
    """Seconds for an answer: who was silent to us for the whole time is not waited for as long with every board."""
    step = report.step(HANDSHAKE)
    was_silent = step is not None and any(finding.code == "deadline" for finding in step.findings)
    return min(options.timeout, FOR_THE_SILENT) if was_silent else options.timeout


async def _check(visit: Visit, report: Report, profiles: Sequence[Profile]) -> OnBoards:
    if visit.address is None:
        raise NetworkError("unreachable", host=visit.target.host)
    asking = asking_for(visit)
    asked = Asked(visit.target.name, visit.address[1][0], datetime.datetime.now(datetime.timezone.utc))
    inside = report.step(HTTP)
    longest = inside.facts.get("longest_record", 0) if inside else 0

    def find_roots(chain: Sequence[x509.Certificate]) -> list[x509.Certificate]:
        return [root for trust in visit.trusts for root in roots_for(trust, list(chain))]

    site = Site(asking, asked, find_roots, longest)
    return OnBoards(await asking.whole(OURS), await would_each_connect(profiles, site))


def _told(verdict: Verdict) -> dict[str, Any]:
    profile = verdict.profile
    return {
        "board": profile.name, "what": profile.what, "library": profile.library, "connects": verdict.connects,
        "step": verdict.step or None, "code": verdict.code or None,
        "reasons": [_reason(reason) for reason in verdict.reasons],
        "warnings": [_reason(reason) for reason in verdict.warnings],
        "agreed": _chosen(verdict.flight),
        "memory": {"handshake": verdict.memory, "connection": profile.memory.connection,
                   "free": profile.memory.free or None, "where": profile.memory.where},
        "records": {"seen": verdict.longest_record or None, "room": profile.record},
        "trust": profile.trust, "unchecked": list(profile.unchecked), "clock": profile.clock,
        "sources": list(profile.sources),
    }  # fmt: skip


def _reason(reason: Reason) -> dict[str, Any]:
    return {"step": reason.step, "code": reason.code, "why": reason.why, "server": reason.server or None,
            "board": reason.board or None, "facts": reason.facts}  # fmt: skip


def _chosen(flight: Flight) -> dict[str, Any]:
    return {"version": flight.version_name or None, "suite": flight.suite_name or None,
            "group": flight.group_name or None, "signature": flight.scheme_name or None,
            "ended": flight.ended or None, "alert": flight.alert_name or None}  # fmt: skip
