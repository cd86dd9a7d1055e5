"""A client with all its connections in use: requests wait for one, in turn. Loaded with the first that has to. Layer 9.

An answer that nobody reads any more holds its connection for ever, if it was forgotten on an interpreter that does not
tell: it gives way when somebody has waited for as long as it was left alone.
"""

from ..errors import DeadlineError, NetworkError
from ..port import system


async def wait_for_room(pool, origin):
    """Wait until a connection to this origin rests or may be opened, which is to be seen; raises NetworkError."""
    waiter = [origin, system.Signal()]
    pool.waiting.append(waiter)
    try:
        await system.within(pool.settings.place_timeout, waiter[1].wait(), "place_timeout")
    except DeadlineError:
        if not _end_forgotten(pool, origin):
            raise NetworkError("no_place", setting=_full(pool, origin))
    finally:
        if waiter in pool.waiting:
            pool.waiting.remove(waiter)
        else:
            pool.wake()  # whose turn it was may have given up meanwhile


def _end_forgotten(pool, origin):
    """Close the answer that was left alone the longest, if that is long enough; whether there was one."""
    is_of_host = _full(pool, origin) == "max_connections_of_host"
    moment = system.now()
    oldest, longest = None, pool.settings.place_timeout
    for link in pool.busy:
        if link.left_at is None or link.transport.signal is not None or is_of_host and link.origin != origin:
            continue  # read whole by who asked, or waited for just now, or no help
        seconds = system.seconds_between(link.left_at, moment)
        if seconds >= longest:
            oldest, longest = link, seconds
    if oldest is not None:
        pool.drop(oldest)
    return oldest is not None


def _full(pool, origin):
    """Which setting leaves no room."""
    used = [link.origin for link in pool.busy] + pool.opening
    is_of_host = used.count(origin) >= pool.settings.max_connections_of_host
    return "max_connections_of_host" if is_of_host else "max_connections"
