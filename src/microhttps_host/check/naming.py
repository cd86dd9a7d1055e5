"""The step of the host name: whether the certificate is for the name that was asked for. Layer 13."""

from microhttps.errors import MicrohttpsError

from ..authority.record import names_in
from ..certificates import UNREADABLE
from .findings import Step
from .judging import NAME_CODES, refused_name
from .visit import Visit

MAX_NAMES = 20  # told


def examine(visit: Visit, step: Step) -> None:
    """Compares the names, even where the chain was refused already."""
    step.facts["asked"] = visit.target.name
    if visit.look and visit.look.chain:
        names = _names(visit)
        step.facts.update(names=names[:MAX_NAMES], more_names=max(0, len(names) - MAX_NAMES))
    if visit.trust and not visit.trust.is_by_authority():
        step.facts["is_pinned"] = True
        return
    refusal = _refusal(visit)
    if refusal:
        refusal.facts.setdefault("host", visit.target.name)
        step.fail(refusal)


def _refusal(visit: Visit) -> MicrohttpsError | None:
    if visit.refusal is None:
        return None
    return visit.refusal if visit.refusal.code in NAME_CODES else refused_name(visit)


def _names(visit: Visit) -> list[str]:
    try:
        return names_in(visit.look.chain[0]) if visit.look else []
    except UNREADABLE:
        return []
