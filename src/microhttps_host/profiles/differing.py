"""Which part of a board's offer a server does not take: everything is offered, then part by part what the board has.

At most four connections: a part with which the server goes on stays narrow, one that ends it is a cause. Layer 12.
"""

from collections.abc import Callable
from dataclasses import replace

from ..probing.asking import Asking
from ..probing.flight import Flight
from ..probing.numbers import TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3
from ..probing.offer import SUITES_OF, Offer, everything

VERSION, SUITE, GROUP, SIGNATURE = "version", "suite", "group", "signature"
WIDE = everything((TLS_1_3, TLS_1_2, TLS_1_1, TLS_1_0))


async def find_differences(asking: Asking, offer: Offer, wide: Flight) -> list[str]:
    """The parts that the server would have to take, or the board to have; `wide` is its answer to everything.

    [] when there is none: then the server is not content with something else.
    """
    found: list[str] = []
    current = WIDE
    for part, narrow in PARTS:
        if VERSION in found and (part == SIGNATURE or wide.version != TLS_1_3):
            continue  # another version has others; of TLS 1.3 the groups are the same
        narrower = narrow(current, offer)
        flight = await asking.whole(narrower)
        if flight.is_whole:
            current = narrower
        else:
            found.append(part)
    return found


def _versions(current: Offer, offer: Offer) -> Offer:
    kept = {suite for version in offer.versions for suite in SUITES_OF[version]}
    return replace(current, versions=offer.versions, suites=tuple(one for one in current.suites if one in kept))


def _suites(current: Offer, offer: Offer) -> Offer:
    """Those of versions that the board does not have stay."""
    others = [version for version in current.versions if version not in offer.versions]
    ours = {suite for version in offer.versions for suite in SUITES_OF[version]}
    rest = tuple(one for version in others for one in SUITES_OF[version] if one not in ours)
    return replace(current, suites=(*offer.suites, *dict.fromkeys(rest)))


def _groups(current: Offer, offer: Offer) -> Offer:
    """A board without curves says nothing of groups, and needs none."""
    return replace(current, groups=offer.groups or current.groups)


def _schemes(current: Offer, offer: Offer) -> Offer:
    return replace(current, schemes=offer.schemes)


PARTS: tuple[tuple[str, Callable[[Offer, Offer], Offer]], ...] = (
    (VERSION, _versions), (SUITE, _suites), (GROUP, _groups), (SIGNATURE, _schemes),
)  # fmt: skip
