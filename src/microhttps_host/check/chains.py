"""The step of the chain: whether it leads to a root that is believed, and if not, which certificate is to blame.

Layer 13.
"""

import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from microhttps import Trust
from microhttps.errors import MicrohttpsError, TrustError
from microhttps.roots import RootStore

from ..authority.key_kinds import described as described_key
from ..certificates import UNREADABLE
from ..lint.examined import PURPOSES, SERVER, extension_of
from ..lint.lint import judge_chain
from ..root_store import SHIPPED, anchor_of, described
from ..site_chain import find_roots, ordered
from .findings import Step
from .interceptors import find_interceptor
from .judging import NAME_CODES, anchors_in, refused_chain
from .visit import OF_ROOTS, Visit

CLOCK_CODES = ("clock_not_set",)
# Rules of the linter that tell which certificate is to blame for a refusal.
BLAMED_BY = {"expired": ("expired",), "not_yet_valid": ("not_yet_valid",), "too_weak": ("short_rsa", "weak_signature"),
             "wrong_usage": ("wrong_purpose",), "name_not_permitted": ("outside_constraints",),
             "certificate_refused": ("unknown_critical", "strange_key")}  # fmt: skip
DAY = datetime.timedelta(days=1)
SOON = 14 * DAY


def examine(visit: Visit, step: Step) -> None:
    """Shows the chain as a tree, and says what of it is wrong."""
    chain = visit.look.chain if visit.look else []
    path = _path(chain)
    roots = roots_for(visit.trust or visit.trusts[-1], path)
    root = roots[0] if roots and not _blames_roots(visit.refusal) else None
    path = _up_to(root, path)
    step.facts.update(certificates=[facts_of(one, one in path) for one in chain], believed_in=_name_of(visit.trust),
                      root=facts_of(root, True) if root else None)  # fmt: skip
    refusal = visit.refusal
    if refusal is not None and refusal.code in (*NAME_CODES, *CLOCK_CODES):
        refusal = refused_chain(visit)
    if refusal is not None:
        step.fail(_explained(refusal, chain, path, roots))
        _find_interception(step, path)
    elif path:
        _find_worries(step, chain, path)
    if visit.look and visit.look.fault:
        step.warn(visit.look.fault)


def roots_for(trust: Trust, path: list[x509.Certificate]) -> list[x509.Certificate]:
    """The anchors of this trust that bear the name of an issuer in the path."""
    if not path or not trust.is_by_authority():
        return []
    if trust.kind == "public":
        return [anchor_of(root) for root in find_roots(path, RootStore(str(SHIPPED)))]
    names = [one.issuer for one in path]
    return [anchor for anchor in anchors_in(trust) if anchor.subject in names]


def facts_of(certificate: x509.Certificate, is_needed: bool) -> dict[str, Any]:
    """What is shown of a certificate."""
    try:
        return {
            "subject": described(certificate.subject) if list(certificate.subject) else "",
            "issuer": described(certificate.issuer),
            "not_before": certificate.not_valid_before_utc.isoformat(),
            "not_after": certificate.not_valid_after_utc.isoformat(),
            "key": described_key(certificate.public_key()),
            "sha256": certificate.fingerprint(SHA256()).hex(), "is_needed": is_needed,
        }  # fmt: skip
    except UNREADABLE as error:
        return {"unreadable": str(error).splitlines()[0], "sha256": certificate.fingerprint(SHA256()).hex(),
                "is_needed": is_needed}  # fmt: skip


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def is_ending(certificate: x509.Certificate) -> bool:
    """Whether it ends within two weeks and within a tenth of its life: some authorities issue for six days."""
    left = certificate.not_valid_after_utc - now()
    life = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    return left < min(SOON, life / 10)


def _path(chain: list[x509.Certificate]) -> list[x509.Certificate]:
    try:
        return ordered(chain)
    except UNREADABLE:
        return []


def _up_to(root: x509.Certificate | None, path: list[x509.Certificate]) -> list[x509.Certificate]:
    """The path without what leads beyond this root: it may have been signed by another one, for old clients."""
    ends = [place for place, one in enumerate(path, 1) if root is not None and one.issuer == root.subject]
    return path[: ends[0]] if ends else path


def _blames_roots(refusal: MicrohttpsError | None) -> bool:
    return refusal is not None and refusal.code in OF_ROOTS


def _name_of(trust: Trust | None) -> str | None:
    return trust.kind if trust else None


def _explained(
    error: MicrohttpsError, chain: list[x509.Certificate], path: list[x509.Certificate], roots: list[x509.Certificate]
) -> MicrohttpsError:
    """The error, with what the chain shows of its reason."""
    try:
        if error.code in OF_ROOTS:
            _tell_root(error, chain, path, roots)
        elif error.code in BLAMED_BY:
            _tell_certificate(error, chain, roots)
    except UNREADABLE:
        pass  # then the reason stays as it is
    return error


def _tell_root(
    error: MicrohttpsError, chain: list[x509.Certificate], path: list[x509.Certificate], roots: list[x509.Certificate]
) -> None:
    error.facts["top"] = described(path[-1].issuer) if path else None
    if roots:
        error.facts["same_name"] = "yes"  # and another key, or a signature that is not its own
        return
    public = find_roots(path, RootStore(str(SHIPPED)))
    if public:
        error.facts["root"] = described(anchor_of(public[0]).subject)
    elif len(chain) == 1 and error.code == "untrusted_issuer":
        error.facts["alone"] = "yes"


def _tell_certificate(
    error: MicrohttpsError, chain: list[x509.Certificate], roots: list[x509.Certificate]
) -> None:
    blamed, detail = _find_blamed(error.code, chain, roots)
    if blamed is None:
        return
    error.facts.update(certificate=described(blamed.subject) if list(blamed.subject) else "one without a name",
                       which=_which(blamed, chain), detail=detail or None)  # fmt: skip
    if error.code == "expired":
        error.facts["not_after"] = int(blamed.not_valid_after_utc.timestamp())
    if error.code == "not_yet_valid":
        error.facts["not_before"] = int(blamed.not_valid_before_utc.timestamp())


def _find_blamed(
    code: str, chain: list[x509.Certificate], roots: list[x509.Certificate]
) -> tuple[x509.Certificate | None, str]:
    """(the certificate for which this code is said, what of it)."""
    for found in judge_chain(chain, roots):
        if found.rule.code in BLAMED_BY[code]:
            return found.certificate, found.detail
    if code == "wrong_usage":  # for an authority it is no rule of the linter's
        for one in chain:
            usage = extension_of(one, x509.ExtendedKeyUsage)
            if usage is not None and PURPOSES[SERVER] not in usage.value:
                return one, ""
    return None, ""


def _which(certificate: x509.Certificate, chain: list[x509.Certificate]) -> str:
    if certificate == chain[0]:
        return "own"
    return "root" if certificate.subject == certificate.issuer else "intermediate"


def _find_interception(step: Step, path: list[x509.Certificate]) -> None:
    for certificate in path:
        product = find_interceptor(certificate.issuer.rfc4514_string())
        if product:
            step.fail(TrustError("intercepted", product=product, issuer=described(certificate.issuer)))
            return


def _find_worries(step: Step, chain: list[x509.Certificate], path: list[x509.Certificate]) -> None:
    """What is no reason not to connect, yet."""
    if [one for one in chain if one in path] != path:
        step.warn(TrustError("wrong_order", sent=len(chain)))
    for certificate in path:
        if is_ending(certificate):
            left = max(0.0, (certificate.not_valid_after_utc - now()) / DAY)
            step.warn(TrustError("expires_soon", certificate=described(certificate.subject),
                                 not_after_day=f"{certificate.not_valid_after_utc:%Y-%m-%d}", days=int(left)))
    product = find_interceptor(path[-1].issuer.rfc4514_string())
    if product:
        step.warn(TrustError("intercepted", product=product, issuer=described(path[-1].issuer)))
