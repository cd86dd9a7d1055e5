"""Handlers that are asked something first, may this client?, and whose answers are added to afterwards.

Loaded with the first route that has such a rule. A check is made before the body of a request is read, so that who is
refused sends nothing for nothing. Layer 7.
"""

from ..errors import UsageError
from ..port import system

finish = system.finish  # on MicroPython the generator that a handler gave may be a body, and no coroutine


class Guarded:
    """A handler behind `check(request)`, which gives None to let it answer, or the answer of a refusal.

    Check and handler may be `async def`; a handler may itself be Guarded: the outer check comes first. What the handler
    answers goes through `after(request, result)`; with `sees_faults` also what is answered when it raises. `preflight`
    answers OPTIONS for the route (see `cors`).
    """

    __slots__ = ("_after", "_check", "_handler", "_kind", "_sees_faults", "preflight")
    kind = system.ASKED_FIRST

    def __init__(self, handler, check, after=None, sees_faults=False):
        self._handler = handler
        self._kind = system.handler_kind(handler)
        self._check = check
        self._after = after
        self._sees_faults = sees_faults
        self.preflight = getattr(handler, "preflight", None)

    def __call__(self, request):
        """The refusal, or what the handler gives; a coroutine where one of them waits."""
        refusal = self._check(request)
        if system.is_coroutine(refusal):
            return self._later(request, refusal)
        return self._answer(request) if refusal is None else refusal

    async def _later(self, request, refusal):
        refusal = await refusal
        if refusal is not None:
            return refusal
        result = self._answer(request)
        return await finish(result) if system.is_coroutine(result) else result

    def _answer(self, request):
        if self._after is None:
            return self._pass(request)
        try:
            result = self._pass(request)
        except Exception as error:
            result = self._fault(request, error)
        return self._change(request, result) if system.is_coroutine(result) else self._after(request, result)

    async def _change(self, request, result):
        try:
            result = await finish(result)
        except Exception as error:
            result = self._fault(request, error)
            if system.is_coroutine(result):
                result = await finish(result)
        return self._after(request, result)

    def _fault(self, request, error):
        if not self._sees_faults or not request.session.is_open:
            raise error
        from .misses import fault

        result, status = fault(request, error)
        return _with_status(result, status)

    def _pass(self, request):
        if request.has_body and self._kind in (system.PLAIN, system.UNKNOWN):
            return self._behind_body(request)
        result = self._handler(request)
        return system.finish_at_once(result) if self._kind == system.NEVER_WAITS else result

    async def _behind_body(self, request):
        from ..messages.whole_bodies import call_behind

        result = await call_behind(self._handler, request, self._kind == system.PLAIN)
        return await finish(result) if system.is_coroutine(result) else result

    def around(self, change):
        """The same guard before `change(handler)`, applied to the innermost handler."""
        inner = self._handler.around(change) if isinstance(self._handler, Guarded) else change(self._handler)
        return Guarded(inner, self._check, self._after, self._sees_faults)


def with_headers(result, headers, status=None):
    """What a handler answered, with these (name, value) pairs added; `status` goes with a bare result.

    Takes whatever a handler may answer, a Response or an iterator too, and changes none of it.
    """
    added = []
    if isinstance(result, tuple) and 2 <= len(result) <= 3:
        if len(result) == 3:
            added.extend(result[2].items() if hasattr(result[2], "items") else result[2])
        result, status = result[:2]
    added.extend(headers)
    return result, status, added


def _with_status(result, status):
    if system.is_coroutine(result):
        return _later_with_status(result, status)
    return with_headers(result, (), status)


async def _later_with_status(result, status):
    return with_headers(await finish(result), (), status)


def refuse(request, status, text, headers=()):
    """A refusal: what `server.error(status)` has for it, else the text; with these headers; maybe to be awaited."""
    errors = request.connection.server.routes.errors
    if status not in errors:
        return text + "\n", status, headers
    result = errors[status][0](request)
    if system.is_coroutine(result):
        return _refuse_later(result, status, headers)
    return with_headers(result, headers, status)


async def _refuse_later(result, status, headers):
    return with_headers(await finish(result), headers, status)


def is_secure(request):
    """Whether the request came over TLS."""
    return request.connection.transport.channel.is_secure


def guarded(handler, server, rules):
    """The handler behind the rules of its route (see `certificate_rules`); raises UsageError for what is no rule."""
    for name in rules:
        if name != "client_certificate":
            raise UsageError("unknown_setting", setting=name)
    rule = rules["client_certificate"]
    if rule is None or rule is False:
        return handler
    from .certificate_rules import check_of

    return Guarded(handler, check_of(rule, server, refuse))
