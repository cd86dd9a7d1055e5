"""Would a board connect? Its own hello is sent; what comes back is judged as the board would, and the step is named.

Nothing is verified for ourselves here, and nothing is sent behind the hello. Layer 12.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cryptography import x509

from ..certificates import UNREADABLE
from ..probing.asking import Asking
from ..probing.flight import ALERT, UNOFFERED, Flight
from ..probing.numbers import (
    FRAGMENT_LENGTHS,
    GROUPS,
    MAX_FRAGMENT_LENGTH,
    SCHEMES,
    SECP256R1,
    TLS_1_2,
    VERSIONS,
    name_in,
)
from ..probing.suites import EXCHANGES, SUITES, is_broken, is_forward_secret
from .differing import GROUP, SUITE, VERSION, WIDE, find_differences
from .judging import Asked, FindRoots, Refusal, judge, kind_of_key
from .profile import Profile
from .verdict import Reason, Verdict, reason

SHOWN = 4  # names in a sentence
TIGHT = 2  # a handshake that takes more than one part in two of what is free


@dataclass(frozen=True)
class Site:
    """A server as a board meets it: how to ask it, for what, believing whom; its longest record of data, if seen."""

    asking: Asking
    asked: Asked
    find_roots: FindRoots
    longest_record: int = 0


async def would_connect(profile: Profile, site: Site) -> Verdict:
    """The verdict for one board; raises what opening a connection raises."""
    flight = await site.asking.whole(profile.offer)
    if flight.is_whole:
        reasons, warnings = _judged(profile, site, flight)
    else:
        reasons, warnings = await _why_not(profile, site, flight), []
    longest = _longest_record(profile, site, flight)
    return Verdict(profile, flight, tuple(reasons), tuple(warnings), _memory(profile, flight), longest)


async def would_each_connect(profiles: Sequence[Profile], site: Site) -> list[Verdict]:
    """The verdicts in the order of the profiles, one after the other: a small server has room for few."""
    return [await would_connect(profile, site) for profile in profiles]


def _judged(profile: Profile, site: Site, flight: Flight) -> tuple[list[Reason], list[Reason]]:
    """(what stops it, what should be known) of a server that goes on with its offer."""
    found = [*_refused_scheme(profile, flight), *_too_long(profile, site, flight)]
    if found:
        return found, []
    asked = replace(site.asked, exchange=EXCHANGES.get(flight.suite or 0, ""))
    refusal = judge(flight.certificates, site.find_roots, asked, profile.checks)
    if refusal:
        found.append(reason(refusal.code, detail=refusal.detail, keys=", ".join(profile.checks.keys)))
    short = _short_of_memory(profile, flight)
    known = [*_may_be_long(profile, site, flight), *_by_bundle(profile, site, flight, asked, refusal),
             *(one for one in short if one.code != "memory")]  # fmt: skip
    if flight.request:
        known.append(reason("client_certificate"))
    return [*found, *(one for one in short if one.code == "memory")], known


def _by_bundle(
    profile: Profile, site: Site, flight: Flight, asked: Asked, refusal: Refusal | None
) -> list[Reason]:  # fmt: skip
    """What is fine with a root of its own may not be with the bundle: a chain that goes on past a root of today."""
    if refusal or not profile.has_bundle:
        return []
    above = judge(flight.certificates, site.find_roots, asked, replace(profile.checks, tries_roots_everywhere=False))
    return [reason("past_the_root", detail=above.detail)] if above else []


def _refused_scheme(profile: Profile, flight: Flight) -> list[Reason]:
    is_refused = flight.version == TLS_1_2 and flight.scheme in profile.refused_schemes
    return [reason("rsa_pss_refused")] if is_refused else []


def _too_long(profile: Profile, site: Site, flight: Flight) -> list[Reason]:
    longest = _longest_record(profile, site, flight)
    if profile.message and flight.largest_message > profile.message:
        return [reason("message_too_long", theirs=flight.largest_message, ours=profile.message)]
    return [reason("record_too_long", theirs=longest, ours=profile.record)] if longest > profile.record else []


def _longest_record(profile: Profile, site: Site, flight: Flight) -> int:
    """Of those that were seen, the longest that it would send to this board."""
    return max(flight.largest_record, 0 if _has_agreed(profile, flight) else site.longest_record)


def _may_be_long(profile: Profile, site: Site, flight: Flight) -> list[Reason]:
    is_known = _has_agreed(profile, flight) or site.longest_record or profile.record >= 2**14
    return [] if is_known else [reason("records_may_be_long", ours=profile.record)]


def _has_agreed(profile: Profile, flight: Flight) -> bool:
    """Whether the server keeps its records as short as the board has asked it to (RFC 6066, 4)."""
    wanted = FRAGMENT_LENGTHS.get(profile.offer.max_fragment_length)
    return wanted is not None and flight.extensions.get(MAX_FRAGMENT_LENGTH) == bytes((wanted,))


def _memory(profile: Profile, flight: Flight) -> int:
    chain = sum(len(der) + profile.memory.certificate for der in flight.certificates)
    return profile.memory.handshake + chain


def _short_of_memory(profile: Profile, flight: Flight) -> list[Reason]:
    needed, free = _memory(profile, flight), profile.memory.free
    if not free or needed * TIGHT <= free:
        return []
    code = "memory" if needed > free else "memory_tight"
    return [reason(code, needed=round(needed / 1024), free=round(free / 1024), where=profile.memory.where)]


async def _why_not(profile: Profile, site: Site, flight: Flight) -> list[Reason]:
    """Of a server that does not go on: whether it does so with anybody, and if so what makes the difference."""
    if flight.ended == UNOFFERED:
        return [_unoffered(profile, flight)]
    if flight.is_answered:
        return [_ended(flight)]
    wide = await site.asking.whole(WIDE)
    if not wide.is_answered:
        return [_ended(flight)]
    parts = await find_differences(site.asking, profile.offer, wide)
    kind = _kind_of_key(wide)
    if SUITE in parts and kind not in ("", "rsa") and _is_for_rsa_alone(profile):
        return [reason("key_kind", theirs=kind, wanted=_wanted(profile, "rsa"), advice=profile.suite_advice)]
    version = (wide.version if VERSION in parts else None) or max(profile.offer.versions)
    different = [await _different(part, profile, site.asking, wide, version) for part in parts]
    return different or [_ended(flight)]


def _is_for_rsa_alone(profile: Profile) -> bool:
    return all(EXCHANGES[suite] == "RSA" for suite in profile.offer.suites)


def _ended(flight: Flight) -> Reason:
    code = "refused" if flight.ended == ALERT else flight.ended
    return reason(code, detail=flight.detail, alert=flight.alert_name)


def _unoffered(profile: Profile, flight: Flight) -> Reason:
    if flight.version not in profile.offer.versions:
        return reason("version", ours=profile.versions, theirs=flight.version_name)
    if flight.suite in profile.offer.suites:
        return reason("malformed", detail=flight.detail)
    return reason("suite", theirs=flight.suite_name, wanted=_wanted(profile, ""), advice=profile.suite_advice)


async def _different(part: str, profile: Profile, asking: Asking, wide: Flight, version: int) -> Reason:
    """The reason for one part of the offer, with what the server takes of it in this version."""
    offer = profile.offer
    if part == VERSION:
        taken = [one for one, answer in (await asking.versions()).items() if answer.is_answered]
        return reason(part, ours=profile.versions, theirs=_listed(VERSIONS, taken))
    if part == SUITE:
        theirs = (await asking.suites(version)).numbers
        wanted = _wanted(profile, _kind_of_key(wide))
        return reason(part, theirs=_listed(SUITES, theirs), wanted=wanted, advice=profile.suite_advice)
    if part == GROUP:
        theirs = (await asking.groups(version)).numbers
        wanted = GROUPS[SECP256R1 if SECP256R1 in offer.groups else offer.groups[0]]
        return reason(part, ours=_listed(GROUPS, offer.groups), theirs=_listed(GROUPS, theirs), wanted=wanted)
    theirs = (await asking.schemes(version)).numbers
    return reason(part, ours=_listed(SCHEMES, offer.schemes), theirs=_listed(SCHEMES, theirs))


def _wanted(profile: Profile, kind: str) -> str:
    """A good suite of the board's that goes with a key of this kind."""
    is_rsa = kind in ("", "rsa")
    fitting = [suite for suite in profile.offer.suites if is_rsa != EXCHANGES[suite].endswith("ECDSA")]
    good = [suite for suite in fitting if not is_broken(suite) and is_forward_secret(suite)]
    return SUITES[(good or fitting or list(profile.offer.suites))[0]]


def _listed(table: dict[int, str], numbers: Sequence[int]) -> str:
    names = [name_in(table, number) for number in numbers]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return (", ".join(names[:SHOWN]) + more) or "nothing"


def _kind_of_key(flight: Flight) -> str:
    """Of the server's own certificate, "" when it shows none that can be read."""
    try:
        return kind_of_key(x509.load_der_x509_certificate(flight.certificates[0])) if flight.certificates else ""
    except UNREADABLE:
        return ""
