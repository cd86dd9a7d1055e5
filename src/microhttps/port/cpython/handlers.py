"""CPython: what a handler is, seen before it is called, and how the answer of one that waits is had. Layer 3."""

import opcode

from ...errors import UsageError

SUSPENDING = {opcode.opmap[name] for name in ("YIELD_VALUE", "YIELD_FROM") if name in opcode.opmap}
PLAIN, ASYNC, NEVER_WAITS, ASKED_FIRST, UNKNOWN = 0, 1, 2, 3, 4


def handler_kind(handler):
    """PLAIN, ASYNC, NEVER_WAITS for an `async def` that cannot suspend and so needs no task, or a callable's own."""
    kind = getattr(handler, "kind", None)
    if kind is not None:
        return kind
    function = getattr(handler, "__func__", handler)
    code = getattr(function, "__code__", None)
    if code is None:
        code = getattr(getattr(type(handler), "__call__", None), "__code__", None)
    if code is None:  # made in C: functools.partial, most likely
        return UNKNOWN
    if not code.co_flags & 0x80:  # CO_COROUTINE
        return PLAIN
    return ASYNC if SUSPENDING.intersection(code.co_code[::2]) else NEVER_WAITS


def finish_at_once(coroutine):
    """The result of a coroutine that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    coroutine.close()
    raise UsageError("handler_waited")


def is_coroutine(value):
    """Whether a handler's answer is still to be awaited."""
    return hasattr(value, "__await__")


def finish(coroutine):
    """What to await for the result of a handler: the coroutine."""
    return coroutine
