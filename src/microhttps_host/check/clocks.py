"""The step of the clock: this machine's against the server's, and against the dates of the certificate. Layer 13."""

import datetime
import time

from microhttps.errors import ClockError, MicrohttpsError
from microhttps.port import system

from .asking import first_answer
from .chains import CLOCK_CODES
from .exchange import ask
from .findings import Step
from .target import HTTP, WEBSOCKET
from .visit import Visit

MAX_DIFFERENCE = 300  # seconds: certificates are not issued to the minute, and no cache answers with an older date
OF_DATES = ("expired", "not_yet_valid")


def examine(visit: Visit, step: Step) -> None:
    """Compares the clocks, where the server tells its own."""
    step.facts["local"] = _shown(time.time())
    refusal = visit.refusal
    if refusal is not None and refusal.code in CLOCK_CODES or not system.is_clock_set():
        step.fail(refusal or ClockError("clock_not_set", clock=int(time.time()), host=visit.target.name))
    if visit.date is None:
        _ask_date(visit)
    if visit.date is None:
        return
    difference = int(time.time()) - visit.date
    step.facts.update(server=_shown(visit.date), difference_seconds=difference)
    if _is_ours_wrong(visit):
        step.fail(ClockError("clock_wrong", server_says=_shown(visit.date), difference=abs(difference),
                             direction="behind" if difference < 0 else "ahead"))  # fmt: skip
    elif abs(difference) > MAX_DIFFERENCE:
        step.warn(ClockError("clock_differs", server_says=_shown(visit.date), difference=abs(difference),
                             direction="behind" if difference < 0 else "ahead"))  # fmt: skip


def _ask_date(visit: Visit) -> None:
    """By the request that is made anyhow; of one who is not believed, nothing but the date is asked."""
    if visit.secure:
        if visit.speaks == HTTP:
            first_answer(visit)
        return
    is_wanted = visit.refusal is not None and (not visit.options.is_brief or visit.refusal.code in OF_DATES)
    if visit.speaks not in (HTTP, WEBSOCKET) or visit.look is None or not is_wanted:
        return
    try:
        stream = visit.tapped()
    except MicrohttpsError:
        return  # it tells no date
    try:
        visit.note_date(ask(stream, "HEAD", "/", visit.target.authority, visit.options.timeout,
                            visit.options.user_agent))  # fmt: skip
    except MicrohttpsError:
        return
    finally:
        stream.close()


def _is_ours_wrong(visit: Visit) -> bool:
    """Whether the certificates are out of their dates by our clock and within them by the server's."""
    if visit.date is None or visit.refusal is None or visit.refusal.code not in OF_DATES or visit.look is None:
        return False
    ours, theirs = (datetime.datetime.fromtimestamp(moment, datetime.timezone.utc)
                    for moment in (time.time(), visit.date))  # fmt: skip
    dates = [(one.not_valid_before_utc, one.not_valid_after_utc) for one in visit.look.chain]
    return (all(begins <= theirs <= ends for begins, ends in dates)
            and not all(begins <= ours <= ends for begins, ends in dates))  # fmt: skip


def _shown(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")
