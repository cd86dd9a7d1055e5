"""What a server has to offer beyond the one handshake that we need: versions, group, ALPN, stapling, shorter records.

Asked by `probing`, one connection after the other: a small server has room for few at once. Layer 13.
"""

import asyncio
from dataclasses import replace
from typing import Any

from cryptography.x509 import ocsp

from microhttps.errors import MicrohttpsError

from ..probing.asking import Asking
from ..probing.flight import Flight
from ..probing.numbers import FRAGMENT_LENGTHS, RECORD_SIZE_LIMIT, TLS_1_2, TLS_1_3, VERSIONS, X25519
from ..probing.offer import USUAL_GROUPS, everything
from .visit import Visit

# What clients of today offer, and what they would like to be told besides.
USUAL = replace(everything(), groups=USUAL_GROUPS, shares=(X25519,), asks_for_status=True)
RECORD_LIMIT = 4096  # what small boards have room for


def survey(visit: Visit) -> dict[str, Any]:
    """What is told of it; waits. A question that the server does not answer is left out."""
    return asyncio.run(_survey(visit))


def asking_for(visit: Visit) -> Asking:
    """Asks the server of this visit, behind STARTTLS where that is needed."""

    async def open_connection() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            raw = await asyncio.to_thread(visit.open)
        except MicrohttpsError as error:
            raise OSError(str(error)) from error
        return await asyncio.open_connection(sock=raw)

    return Asking(open_connection, visit.target.name, visit.options.timeout)


async def _survey(visit: Visit) -> dict[str, Any]:
    ask = asking_for(visit)
    try:
        flight = await ask.whole(USUAL)
        found: dict[str, Any] = {"versions": await accepted_versions(ask)}
        if flight.is_answered:
            found.update(_of_flight(flight), **await _of_records(ask, flight))
    except OSError:
        return {}  # the connection is what fails now, and that is told elsewhere
    return found


async def accepted_versions(ask: Asking) -> list[str]:
    """The versions that it takes, the newest first."""
    return [VERSIONS[version] for version in sorted(VERSIONS, reverse=True)
            if (await ask.versions((version,)))[version].is_answered]  # fmt: skip


def _of_flight(flight: Flight) -> dict[str, Any]:
    found: dict[str, Any] = {
        "group": flight.group_name, "signature": flight.scheme_name,
        "wants_client_certificate": flight.request is not None, "stapled": None,
    }  # fmt: skip
    if flight.stapled:
        found["stapled"] = _status_in(flight.stapled)
    return found


async def _of_records(ask: Asking, flight: Flight) -> dict[str, Any]:
    """Whether it keeps to shorter records when it is asked to (RFC 6066 section 4, RFC 8449)."""
    lengths = []
    for length, number in FRAGMENT_LENGTHS.items():
        answer = await ask.hello(replace(everything((TLS_1_2,)), max_fragment_length=length))
        if answer.extensions.get(1) == bytes((number,)):
            lengths.append(length)
    version = flight.version if flight.version in (TLS_1_2, TLS_1_3) else TLS_1_2
    limited = await ask.whole(replace(flight.offer, versions=(version,), record_size_limit=RECORD_LIMIT))
    return {"max_fragment_length": lengths, "record_size_limit": RECORD_SIZE_LIMIT in limited.extensions}


def _status_in(der: bytes) -> str:
    """What the authority says of the certificate: good, revoked or unknown."""
    try:
        answer = ocsp.load_der_ocsp_response(der)
        return answer.certificate_status.name.lower()
    except ValueError:
        return "unreadable"
