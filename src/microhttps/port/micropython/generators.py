"""MicroPython: coroutines and generators are of one type; which of them a handler gave shows in what it yields first.

What waits yields None to asyncio; what gives the pieces of a body yields a piece. Loaded with the first handler that is
awaited: waiting for a generator of pieces would never end, and nobody would hear of it. Layer 3.
"""


def finish(given):
    """Await a coroutine for its result; of a generator of pieces it is an iterator of them."""
    try:
        first = given.send(None)
        while first is None:
            try:
                yield
            except BaseException as error:  # a cancellation, which is the coroutine's affair
                first = given.throw(error)
            else:
                first = given.send(None)
    except StopIteration as stop:
        return stop.value
    from .pieces import Pieces

    return Pieces(first, given)
