"""Who may ask, by client certificate: the rule `client_certificate` of a route. Loaded with the first such route.

The certificate was verified by the TLS library before any request; here it is only asked whose it is. Layer 7.
"""

from ..errors import UsageError
from ..port import system

MISSING = "403 Forbidden: this page wants a client certificate"
OTHER = "403 Forbidden: this page is not for the holder of this client certificate"


def check_of(rule, server, refuse):
    """The check of a rule: True, a name, a SHA-256 fingerprint, several of these, or a callable(tls), maybe async.

    `refuse(request, status, text)` makes the answer for those it does not admit.
    Raises UsageError: "bad_rule", or "no_client_trust" for a server that asks nobody for a certificate.
    """
    if server.transport != "secure" or server.trust is None:
        raise UsageError("no_client_trust", rule="client_certificate")
    admits = None
    if callable(rule):
        admits = rule
    elif rule is not True:
        admits = _holder_of([rule] if isinstance(rule, str) else rule)

    def check(request):
        tls = request.session.tls
        if tls is None or tls.peer_certificate is None:
            return refuse(request, 403, MISSING)
        verdict = admits is None or admits(tls)
        if system.is_coroutine(verdict):
            return later(request, verdict)
        return None if verdict else refuse(request, 403, OTHER)

    async def later(request, verdict):
        if await verdict:
            return None
        refusal = refuse(request, 403, OTHER)
        return await refusal if system.is_coroutine(refusal) else refusal

    return check


def _holder_of(rules):
    """The question whether a certificate has one of these names or fingerprints."""
    names, fingerprints = [], []
    for rule in rules if isinstance(rules, (list, tuple, set)) else ():
        if not isinstance(rule, str) or not rule:
            names = None
            break
        digits = rule.replace(":", "").lower()
        if len(digits) == 64 and not digits.strip("0123456789abcdef"):
            fingerprints.append(digits)
        else:
            names.append(rule.lower())
    if names is None or not names and not fingerprints:
        raise UsageError("bad_rule", got=rules)

    def admits(tls):
        if names and [name for name in tls.peer_names if name.lower() in names]:
            return True
        return bool(fingerprints) and tls.fingerprint in fingerprints

    return admits
