"""Handlers that are asked something first: may this client? Loaded with the first route that has such a rule.

A check is made before the body of a request is read, so that who is refused sends nothing for nothing. Layer 5.
"""

from .errors import UsageError
from .port import system


class Guarded:
    """A handler behind `check(request)`, which gives None to let it answer, or the answer of a refusal.

    Check and handler may be `async def`; a handler may itself be Guarded: the outer check comes first.
    """

    __slots__ = ("_check", "_handler", "_kind")
    kind = system.ASKED_FIRST

    def __init__(self, handler, check):
        self._handler = handler
        self._kind = system.handler_kind(handler)
        self._check = check

    def __call__(self, request):
        """The refusal, or what the handler gives; a coroutine where one of them waits."""
        refusal = self._check(request)
        if system.is_coroutine(refusal):
            return self._later(request, refusal)
        return self._pass(request) if refusal is None else refusal

    async def _later(self, request, refusal):
        refusal = await refusal
        if refusal is not None:
            return refusal
        result = self._pass(request)
        return await result if system.is_coroutine(result) else result

    def _pass(self, request):
        if self._kind == system.PLAIN and request.has_body:
            return self._behind_body(request)
        result = self._handler(request)
        return system.finish_at_once(result) if self._kind == system.NEVER_WAITS else result

    async def _behind_body(self, request):
        await request.read()
        result = self._handler(request)
        return await result if system.is_coroutine(result) else result


def guarded(handler, client_certificate=None):
    """The handler behind the rules of its route; raises UsageError("unknown_setting") for a rule there is none of."""
    if client_certificate:
        return Guarded(handler, _certificate_check(client_certificate))
    return handler


def _certificate_check(rule):
    if rule is not True:
        raise UsageError("bad_rule", got=rule)
    return _has_certificate


def _has_certificate(request):
    tls = request.session.tls
    if tls is None or tls.peer_certificate is None:
        return "403 Forbidden: this page wants a client certificate\n", 403
    return None
