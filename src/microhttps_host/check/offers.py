"""What a server has to offer beyond the one handshake that we need: versions, group, ALPN, stapling, shorter records.

Asked by `probing`, one connection after the other: a small server has room for few at once. Layer 13.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from cryptography.x509 import ocsp

from microhttps.errors import MicrohttpsError

from ..probing.asking import Asking
from ..probing.flight import Flight
from ..probing.numbers import (
    FRAGMENT_LENGTHS,
    MAX_FRAGMENT_LENGTH,
    RECORD_SIZE_LIMIT,
    TLS_1_2,
    TLS_1_3,
    VERSIONS,
    X25519,
)
from ..probing.offer import USUAL_GROUPS, everything
from .visit import Visit

# What clients of today offer, and what they would like to be told besides.
USUAL = replace(everything(), groups=USUAL_GROUPS, shares=(X25519,), asks_for_status=True)
RECORD_LIMIT = 4096  # what small boards have room for
EXPANSION = 256  # of a record that is sealed, at most (RFC 8446 section 5.2)


def survey(visit: Visit) -> dict[str, Any]:
    """What is told of it; waits, for all questions together no longer than for another step.

    A question that the server does not answer is left out.
    """
    found: dict[str, Any] = {}
    run_within(visit.options.timeout, _survey(visit, found))
    return found


def run_within(seconds: float, questions: Coroutine[Any, Any, None]) -> None:
    """Ask until all is answered or the time is over: what was found by then counts."""

    async def run() -> None:
        try:
            await asyncio.wait_for(questions, seconds)
        except (asyncio.TimeoutError, OSError):
            return  # it is slow, or lets us in no more: that is told elsewhere

    asyncio.run(run())


def asking_for(visit: Visit) -> Asking:
    """Asks the server of this visit, behind STARTTLS where that is needed."""

    async def open_connection() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            raw = await asyncio.to_thread(visit.open)
        except MicrohttpsError as error:
            raise OSError(str(error)) from error
        return await asyncio.open_connection(sock=raw)

    return Asking(open_connection, visit.target.name, visit.options.timeout)


async def _survey(visit: Visit, found: dict[str, Any]) -> None:
    ask = asking_for(visit)
    flight = await ask.whole(USUAL)
    if flight.is_answered:
        found.update(_of_flight(flight))
    versions: list[str] = []
    found["versions"] = versions  # as far as it comes
    await add_versions(ask, versions)
    if flight.is_answered:
        await _add_records(ask, flight, found)


async def add_versions(ask: Asking, found: list[str]) -> None:
    """Adds the versions that it takes, the newest first."""
    for version in sorted(VERSIONS, reverse=True):
        if (await ask.versions((version,)))[version].is_answered:
            found.append(VERSIONS[version])


def _of_flight(flight: Flight) -> dict[str, Any]:
    found: dict[str, Any] = {
        "group": flight.group_name, "signature": flight.scheme_name,
        "wants_client_certificate": flight.request is not None, "stapled": None,
    }  # fmt: skip
    if flight.stapled:
        found["stapled"] = _status_in(flight.stapled)
    return found


async def _add_records(ask: Asking, flight: Flight, found: dict[str, Any]) -> None:
    """Whether it agrees to shorter records, and then keeps to them (RFC 6066 section 4, RFC 8449)."""
    found["max_fragment_length"] = []
    for length, number in FRAGMENT_LENGTHS.items():
        answer = await ask.whole(replace(everything((TLS_1_2,)), max_fragment_length=length))
        if answer.extensions.get(MAX_FRAGMENT_LENGTH) == bytes((number,)) and answer.largest_record <= length:
            found["max_fragment_length"].append(length)
    version = flight.version if flight.version in (TLS_1_2, TLS_1_3) else TLS_1_2
    limited = await ask.whole(replace(flight.offer, versions=(version,), record_size_limit=RECORD_LIMIT))
    found["record_size_limit"] = (RECORD_SIZE_LIMIT in limited.extensions
                                  and limited.largest_record <= RECORD_LIMIT + EXPANSION)  # fmt: skip


def _status_in(der: bytes) -> str:
    """What the authority says of the certificate: good, revoked or unknown."""
    try:
        answer = ocsp.load_der_ocsp_response(der)
        return answer.certificate_status.name.lower()
    except ValueError:
        return "unreadable"
